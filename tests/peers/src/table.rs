//! Tables as Markdown, which reads well in a terminal too.

/// A table with so many columns.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(heads: [&str; N]) -> Self {
        Self { rows: vec![heads.map(str::to_owned)] }
    }

    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| cell.replace('|', "\\|")));
    }

    /// The table with columns of even width.
    pub(crate) fn render(&self) -> String {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; N] = std::array::from_fn(width);
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!(" {cell:width$} |"));
            text.extend(std::iter::once("|".to_owned()).chain(cells).chain(["\n".to_owned()]));
            if index == 0 {
                text.extend(
                    std::iter::once("|".to_owned()).chain(widths.map(|width| format!("{}|", "-".repeat(width + 2)))),
                );
                text.push('\n');
            }
        }
        text
    }
}
