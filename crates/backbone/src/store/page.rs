//! Pages of lists.

use tessera_backbone_api::Pagination;

/// Which page is wanted, and how many records it has.
#[derive(Debug, Clone, Copy)]
pub struct PageWanted {
    /// From 1.
    pub number: i64,
    /// From 1.
    pub size: i64,
}

impl PageWanted {
    /// How many records stand before it.
    pub fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// This page of a list of which all records are at hand.
    pub fn of<T>(self, records: Vec<T>) -> Page<T> {
        let total = records.len();
        let offset = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        Page {
            records: records.into_iter().skip(offset).take(size).collect(),
            total: i64::try_from(total).unwrap_or(i64::MAX),
            wanted: self,
        }
    }
}

/// A page.
pub struct Page<T> {
    pub records: Vec<T>,
    /// Records in all.
    pub total: i64,
    pub wanted: PageWanted,
}

impl<T> Page<T> {
    /// What the answer says about it; nothing when everything stands on one page.
    pub fn pagination(&self) -> Option<Pagination> {
        let total_records = u64::try_from(self.total).unwrap_or_default();
        let page_size = u64::try_from(self.wanted.size).unwrap_or(1);
        let total_pages = total_records.div_ceil(page_size);
        (total_pages > 1).then(|| Pagination {
            page_number: u64::try_from(self.wanted.number).unwrap_or(1),
            page_size,
            total_pages,
            total_records,
        })
    }
}
