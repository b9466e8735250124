//! Changed documents for the generator.

use fastrand::Rng;
use serde_json::Value;

use crate::change;

#[path = "../../compiling.rs"]
mod compiling;

/// The repository's own documents.
pub(crate) struct Documents {
    short: Vec<String>,
    /// Those that take as long as many others together.
    long: Vec<String>,
}

impl Documents {
    pub(crate) fn read() -> Self {
        let texts = eventwire_tests::documents().into_iter().map(|(_, text)| text);
        let (short, long) = texts.partition(|text| text.len() < 10_000);
        Self { short, long }
    }

    /// A changed document: most are changed so that a crate can still come out of them.
    pub(crate) fn draw(&self, rng: &mut Rng) -> Vec<u8> {
        let from = if rng.u8(..60) == 0 { &self.long } else { &self.short };
        let text = change::choice(rng, from).map_or("", String::as_str);
        let tree = (rng.u8(..4) > 0).then(|| serde_yaml::from_str::<Value>(text).ok()).flatten();
        let mut bytes = text.as_bytes().to_vec();
        match tree {
            Some(tree) if rng.u8(..4) > 0 => bytes = change::alike(rng, tree).into_bytes(),
            Some(tree) => bytes = change::tree(rng, tree).into_bytes(),
            None => change::bytes(rng, &mut bytes),
        }
        String::from_utf8_lossy(&bytes).into_owned().into_bytes()
    }
}

/// Whether there was a crate.
pub(crate) fn check(input: &[u8]) -> Result<bool, String> {
    let compiled = compiling::check(&String::from_utf8_lossy(input)).ok_or("the settings are refused")?;
    Ok(compiled.output.is_some())
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::{Documents, check};

    /// What is broken throughout reaches no stage but the first.
    #[test]
    fn a_third_of_the_documents_gives_a_crate() {
        let documents = Documents::read();
        let mut rng = Rng::with_seed(1);
        let taken = (0..60).filter(|_| check(&documents.draw(&mut rng)).is_ok_and(|taken| taken)).count();
        assert!(taken >= 20, "{taken} of 60");
    }
}
