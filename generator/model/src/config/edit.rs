//! Taking entries out of a settings file, so that reading continues after a mistake.

use toml::de::{DeTable, DeValue};

/// Removes the entry at a path, if there is one.
pub(super) fn remove(table: &mut DeTable<'_>, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        if let Some(key) = table.keys().find(|key| key.get_ref() == first).cloned() {
            table.remove(&key);
        }
        return;
    }
    for (key, value) in table.iter_mut() {
        if let (true, DeValue::Table(inner)) = (key.get_ref() == first, value.get_mut()) {
            remove(inner, rest);
        }
    }
}
