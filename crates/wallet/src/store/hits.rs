//! The rows of a list that words find: what its pages are taken of, and what is counted.
//!
//! What was found is read once. Where it is much of the list, the list is walked in its order until
//! the page is full; where it is little, that little is read and sorted.

use rusqlite::{Connection, Params, ToSql};

use super::{StoreError, query::all, window::Window};

/// Up to so many rows are read and sorted. To read one costs what walking past some hundred does.
const FEW: usize = 300;

/// The numbers of rows, each once, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hits(Vec<i64>);

/// How a page is taken of a list that is narrowed by hits.
pub(super) struct Narrowed<'a> {
    /// Gives the numbers of the list's rows in its order, or in the other; its conditions are those
    /// beside the words.
    pub walk: &'a str,
    /// Gives a page of those rows whose numbers are in the JSON that its last parameter but two says;
    /// the last two are those of [`Window::sql`].
    pub few: &'a str,
    /// The values of the conditions in both.
    pub params: &'a [&'a dyn ToSql],
}

impl Hits {
    /// What the queries give altogether.
    pub fn of(connection: &Connection, sql: &str, params: impl Params) -> Result<Self, StoreError> {
        Ok(Self::from(all(connection, sql, params, |row| row.get(0))?))
    }

    /// These, and those of another query.
    pub fn and(self, others: Self) -> Self {
        let mut numbers = self.0;
        numbers.extend(others.0);
        Self::from(numbers)
    }

    /// The last of them, the greatest first, at most `limit`.
    pub fn newest(&self, limit: u32) -> impl Iterator<Item = i64> {
        self.0.iter().rev().copied().take(limit as usize)
    }

    /// Those that are among others, too.
    pub fn among(&self, others: &Self) -> Self {
        let both = self.0.iter().filter(|number| others.contains(**number));
        Self(both.copied().collect())
    }

    /// Whether they are so few that it is no matter to look at each.
    pub fn are_few(&self) -> bool {
        self.0.len() <= FEW
    }

    /// How many.
    pub fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// How many of the rows of a query are among them.
    pub fn count_among(
        &self,
        connection: &Connection,
        sql: &str,
        params: impl Params,
    ) -> Result<u32, StoreError> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += u32::from(self.contains(row.get(0)?));
        }
        Ok(count)
    }

    /// The numbers of the rows of a page, in the order of the list.
    pub fn page(
        &self,
        connection: &Connection,
        list: &Narrowed<'_>,
        window: Window,
    ) -> Result<Vec<i64>, StoreError> {
        if !self.are_few() {
            return self.walk(connection, list, window);
        }
        let numbers = self.json();
        let mut params = list.params.to_vec();
        params.extend([&numbers as &dyn ToSql, &window.take, &window.skip]);
        let found = all(connection, list.few, params.as_slice(), |row| row.get(0))?;
        Ok(window.in_order(found))
    }

    fn walk(
        &self,
        connection: &Connection,
        list: &Narrowed<'_>,
        window: Window,
    ) -> Result<Vec<i64>, StoreError> {
        let mut statement = connection.prepare_cached(list.walk)?;
        let mut rows = statement.query(list.params)?;
        let (mut skip, mut found) = (window.skip, Vec::new());
        while found.len() < window.take as usize
            && let Some(row) = rows.next()?
        {
            let number = row.get(0)?;
            if self.contains(number) {
                match skip {
                    0 => found.push(number),
                    _ => skip -= 1,
                }
            }
        }
        Ok(window.in_order(found))
    }

    fn contains(&self, number: i64) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    /// As a JSON array.
    pub fn json(&self) -> String {
        let numbers: Vec<String> = self.0.iter().map(i64::to_string).collect();
        format!("[{}]", numbers.join(","))
    }
}

impl From<Vec<i64>> for Hits {
    fn from(mut numbers: Vec<i64>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        Self(numbers)
    }
}
