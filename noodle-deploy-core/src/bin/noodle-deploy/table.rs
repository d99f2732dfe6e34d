//! Aligned columns for people.

/// Rows under a heading; the last column is not padded.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(heading: &[&str]) -> Self {
        Table { rows: vec![heading.iter().map(|s| (*s).to_uppercase()).collect()] }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // Tabs and line breaks in names and texts would break the columns.
        let flat = |cell: String| match cell.as_str() {
            "" => "-".to_owned(),
            _ => cell.replace(|c: char| c.is_control(), " "),
        };
        self.rows.push(cells.into_iter().map(flat).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    /// The rows, or a sentence where there are none.
    pub(crate) fn or(&self, empty: &str) -> String {
        if self.is_empty() { format!("{empty}\n") } else { self.text() }
    }

    pub(crate) fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |i: usize| self.rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let last = row.len().saturating_sub(1);
            for (i, cell) in row.iter().enumerate() {
                let width = if i == last { 0 } else { widths[i] };
                let gap = if i == 0 { "" } else { "  " };
                text.push_str(&format!("{gap}{cell:<width$}"));
            }
            text.push('\n');
        }
        text
    }
}

/// Seconds since 1970 as a date and time.
pub(crate) fn time(at: u64) -> String {
    noodle_deploy_core::clock::rfc3339(at / 1_000 * 1_000).replace(".000Z", "Z")
}

/// A size with a unit.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{n} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// `one thing`, `2 things`.
pub(crate) fn count(n: u64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}
