//! Rules that say nothing, dropped.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher as _;

use super::{Choice, Rule, RuleSubject, RuleTable, Rules};

/// Drops what says nothing, and tables that nothing needs.
pub(super) fn simplify(mut tables: Vec<RuleTable>, types: &[Option<usize>], messages: &[Option<usize>]) -> Rules {
    let empty = empty(&tables);
    for table in &mut tables {
        tidy(&mut table.rules, &empty);
    }
    let same = same(&mut tables);
    let root = |table: &Option<usize>| table.filter(|table| !empty[*table]).map(|table| same[table]);
    let (types, messages): (Vec<_>, Vec<_>) = (types.iter().map(root).collect(), messages.iter().map(root).collect());
    let mut order: Vec<usize> = Vec::new();
    let mut seen = vec![false; tables.len()];
    let mut open: Vec<usize> = types.iter().chain(&messages).rev().flatten().copied().collect();
    while let Some(table) = open.pop() {
        if !std::mem::replace(&mut seen[table], true) {
            order.push(table);
            let mut found = Vec::new();
            tables_in(&mut tables[table].rules, &mut |table| found.push(same[*table]));
            open.extend(found.into_iter().rev());
        }
    }
    let position: BTreeMap<usize, usize> = order.iter().enumerate().map(|(index, table)| (*table, index)).collect();
    let renumber = |table: Option<usize>| table.and_then(|table| position.get(&table).copied());
    let kept = order.iter().map(|table| {
        let mut rules = std::mem::take(&mut tables[*table].rules);
        tables_in(&mut rules, &mut |table| *table = position[&same[*table]]);
        RuleTable { rules, subject: tables[*table].subject.clone(), schema: tables[*table].schema }
    });
    Rules {
        tables: kept.collect(),
        types: types.into_iter().map(renumber).collect(),
        messages: messages.into_iter().map(renumber).collect(),
    }
}

/// For each table the one that stands for it: tables of one schema can say the same of several types. Tables refer to
/// each other in circles, so those of a schema are taken for the same until something distinguishes them.
fn same(tables: &mut [RuleTable]) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..tables.len()).collect();
    let mut first = BTreeMap::new();
    for (index, table) in tables.iter().enumerate() {
        classes[index] = table.schema.map_or(index, |schema| *first.entry(schema).or_insert(index));
    }
    loop {
        let mut sizes = vec![0_usize; tables.len()];
        for class in &classes {
            sizes[*class] += 1;
        }
        // Only looked up.
        let mut keys: HashMap<(usize, Vec<Rule>), usize> = HashMap::new();
        let mut refined = Vec::new();
        for (index, table) in tables.iter().enumerate() {
            if sizes[classes[index]] == 1 {
                refined.push(classes[index]);
                continue;
            }
            let mut rules = table.rules.clone();
            tables_in(&mut rules, &mut |table| *table = classes[*table]);
            refined.push(*keys.entry((classes[index], rules)).or_insert(index));
        }
        if refined == classes {
            break;
        }
        classes = refined;
    }
    let is_type = |index: &usize| matches!(tables[*index].subject, RuleSubject::Type(_));
    let mut of_types = BTreeMap::new();
    for index in (0..tables.len()).filter(is_type) {
        of_types.entry(classes[index]).or_insert(index);
    }
    let standing = |(index, class): (usize, &usize)| match of_types.get(class) {
        Some(known) if !is_type(&index) => *known,
        Some(_) => index,
        None => *class,
    };
    classes.iter().enumerate().map(standing).collect()
}

/// The tables that say nothing. Tables refer to each other in circles, so all are taken for empty until one proves not to
/// be: a circle that says nothing anywhere says nothing.
fn empty(tables: &[RuleTable]) -> Vec<bool> {
    let mut empty = vec![true; tables.len()];
    loop {
        let filled: Vec<usize> =
            (0..tables.len()).filter(|index| empty[*index] && any(&tables[*index].rules, &empty)).collect();
        if filled.is_empty() {
            return empty;
        }
        for index in filled {
            empty[index] = false;
        }
    }
}

fn any(rules: &[Rule], empty: &[bool]) -> bool {
    rules.iter().any(|rule| says(rule, empty))
}

/// Whether a rule can be broken.
fn says(rule: &Rule, empty: &[bool]) -> bool {
    match rule {
        Rule::Table(table) => !empty[*table],
        Rule::Elements(rules)
        | Rule::Element(_, rules)
        | Rule::ElementsFrom(_, rules)
        | Rule::Properties(_, rules)
        | Rule::PatternProperties(_, rules)
        | Rule::AdditionalProperties { rules, .. }
        | Rule::PropertyNames(rules)
        | Rule::Dependent(_, rules)
        | Rule::OrNull(rules) => any(rules, empty),
        Rule::If { then, otherwise, .. } => any(then, empty) || any(otherwise, empty),
        Rule::Choice(choice) => open(choice, empty),
        Rule::Never
        | Rule::Type(_)
        | Rule::StringEnum(_)
        | Rule::Enum(_)
        | Rule::Format(_)
        | Rule::Limit(_)
        | Rule::Contains(_)
        | Rule::Required(_)
        | Rule::Tagged { .. }
        | Rule::Not(_) => true,
    }
}

/// Whether the type leaves a choice open.
fn open(choice: &Choice, empty: &[bool]) -> bool {
    let free = |rules: &Vec<Rule>| !any(rules, empty);
    let proven = choice.proofs.iter().all(|candidates| candidates.iter().any(free));
    !proven && (choice.exactly_one || !choice.alternatives.iter().any(free))
}

/// Leaves the rules that say something, each once.
fn tidy(rules: &mut Vec<Rule>, empty: &[bool]) {
    rules.retain(|rule| says(rule, empty));
    for rule in &mut *rules {
        if let Rule::Choice(choice) = rule {
            choice.proofs.clear();
        }
        for inner in rule.inside_mut() {
            tidy(inner, empty);
        }
    }
    let mut kept: Vec<Rule> = Vec::with_capacity(rules.len());
    // Only looked up.
    let (hasher, mut known) = (RandomState::new(), HashMap::<u64, Vec<usize>>::new());
    for rule in rules.drain(..) {
        let hash = match &rule {
            Rule::Properties(_, rules) => hasher.hash_one(rules),
            rule => hasher.hash_one(rule),
        };
        let candidates = known.entry(hash).or_default();
        let alike = candidates.iter().find(|index| match (&kept[**index], &rule) {
            (Rule::Properties(_, known), Rule::Properties(_, rules)) => known == rules,
            (known, rule) => known == rule,
        });
        match (alike.map(|index| &mut kept[*index]), rule) {
            // One list of members for what holds for several.
            (Some(Rule::Properties(known, _)), Rule::Properties(names, _)) => known.extend(names),
            (Some(_), _) => {}
            (None, rule) => {
                candidates.push(kept.len());
                kept.push(rule);
            }
        }
    }
    kept.shrink_to_fit();
    *rules = kept;
}

/// Calls a function with each table that rules refer to.
fn tables_in(rules: &mut [Rule], visit: &mut impl FnMut(&mut usize)) {
    for rule in rules {
        if let Rule::Table(table) = rule {
            visit(table);
        }
        for inner in rule.inside_mut() {
            tables_in(inner, visit);
        }
    }
}
