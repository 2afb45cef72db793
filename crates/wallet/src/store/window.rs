//! A page in the middle of a list, counted from whichever end is nearer.
//!
//! SQLite finds the n-th entry of an index by walking to it, so a page costs half the list at most.

/// Which entries to take of a list, and in which direction to walk it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Whether the list is walked from its end.
    pub is_backwards: bool,
    /// How many entries are passed over first.
    pub skip: u32,
    /// How many are taken.
    pub take: u32,
}

impl Window {
    /// The entries from `offset` on, at most `limit`, of a list of `total`.
    pub fn new(offset: u32, limit: u32, total: u32) -> Self {
        let take = limit.min(total.saturating_sub(offset));
        let behind = total.saturating_sub(offset).saturating_sub(take);
        let is_backwards = behind < offset;
        Self {
            is_backwards,
            skip: if is_backwards { behind } else { offset },
            take,
        }
    }

    /// The end of a query that walks the list in this order: terms with or without `DESC`. Its last
    /// two parameters are how many are taken and passed over.
    pub fn sql(self, order: &str) -> String {
        format!("{} LIMIT ? OFFSET ?", self.order(order))
    }

    /// The same for a query that is left when enough was read.
    pub fn order(self, order: &str) -> String {
        if self.is_backwards {
            format!("ORDER BY {}", backwards(order))
        } else {
            format!("ORDER BY {order}")
        }
    }

    /// What was found, in the order of the list.
    pub fn in_order<T>(self, mut found: Vec<T>) -> Vec<T> {
        if self.is_backwards {
            found.reverse();
        }
        found
    }
}

fn backwards(order: &str) -> String {
    let terms = order.split(", ").map(|term| {
        term.strip_suffix(" DESC")
            .map_or_else(|| format!("{term} DESC"), str::to_owned)
    });
    terms.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_every_list_is_what_counting_from_the_beginning_gives() {
        for total in 0..12_u32 {
            let list: Vec<u32> = (0..total).collect();
            for offset in 0..14 {
                for limit in 0..5 {
                    let window = Window::new(offset, limit, total);
                    assert!(window.skip <= total / 2 || window.take == 0);
                    let mut walked = list.clone();
                    if window.is_backwards {
                        walked.reverse();
                    }
                    let taken = walked.into_iter().skip(window.skip as usize);
                    let found = window.in_order(taken.take(window.take as usize).collect());
                    let wanted = list.iter().copied().skip(offset as usize);
                    let wanted: Vec<u32> = wanted.take(limit as usize).collect();
                    assert_eq!(found, wanted, "{offset}+{limit} of {total}");
                }
            }
        }
    }

    #[test]
    fn the_other_direction_turns_every_term() {
        let window = Window::new(9, 1, 10);
        assert_eq!(
            window.sql("a.name COLLATE NOCASE, a.at DESC, a.id"),
            "ORDER BY a.name COLLATE NOCASE DESC, a.at, a.id DESC LIMIT ? OFFSET ?"
        );
    }
}
