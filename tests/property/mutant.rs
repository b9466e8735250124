//! Instances with one fault that a type must see: a value of another type, or a required member that is missing.

use serde_json::{Value, json};

use crate::schema::{Member, Object, Schema};
use crate::world::World;

/// Every way to put one fault into a value.
pub(crate) fn of(world: &World, schema: &Schema, value: &Value) -> Vec<Value> {
    match (schema, value) {
        (Schema::Any, _) => Vec::new(),
        (Schema::Reference(index), value) => of(world, &world.schemas[*index], value),
        (Schema::Nullable(inner, _), value) => {
            let mut mutants = if value.is_null() { Vec::new() } else { of(world, inner, value) };
            // What stands for the inner schema may be `null`.
            mutants.retain(|mutant| !mutant.is_null());
            mutants
        }
        (Schema::Array(items), Value::Array(elements)) => {
            let mut mutants = of_another_type(value);
            for (index, element) in elements.iter().enumerate() {
                mutants.extend(of(world, items, element).into_iter().map(|mutant| {
                    let mut elements = elements.clone();
                    elements[index] = mutant;
                    Value::Array(elements)
                }));
            }
            mutants
        }
        (Schema::Map(values), Value::Object(members)) => {
            let mut mutants = of_another_type(value);
            for (key, member) in members {
                mutants.extend(of(world, values, member).into_iter().map(|mutant| with(value, key, mutant)));
            }
            mutants
        }
        (Schema::Object(object), value) => of_object(world, &[object], value),
        (Schema::AllOf(objects), value) => of_object(world, &objects.iter().collect::<Vec<_>>(), value),
        (Schema::OneOf(branches), value) => {
            // A union may stay open to tags that its document does not list, but not to other bodies of those it does.
            let branch = branches.iter().find(|(tag, _)| value.get(crate::schema::TAG) == Some(&json!(tag)));
            branch.map_or_else(Vec::new, |(_, object)| of_members(world, &[object], value))
        }
        (_, value) => of_another_type(value),
    }
}

fn of_object(world: &World, objects: &[&Object], value: &Value) -> Vec<Value> {
    [of_another_type(value), of_members(world, objects, value)].concat()
}

fn of_members(world: &World, objects: &[&Object], value: &Value) -> Vec<Value> {
    let mut mutants = Vec::new();
    for Member { name, schema, required } in objects.iter().flat_map(|object| &object.members) {
        let Some(member) = value.get(name) else { continue };
        let changed = of(world, schema, member).into_iter();
        // An optional member may be `null`, whatever its schema says.
        let changed = changed.filter(|mutant| *required || !mutant.is_null());
        mutants.extend(changed.map(|mutant| with(value, name, mutant)));
        if *required {
            let mut without = value.clone();
            if let Some(members) = without.as_object_mut() {
                members.remove(*name);
            }
            mutants.push(without);
        }
    }
    mutants
}

fn with(value: &Value, key: &str, member: Value) -> Value {
    let mut changed = value.clone();
    changed[key] = member;
    changed
}

/// Values of other types.
fn of_another_type(value: &Value) -> Vec<Value> {
    let kind = std::mem::discriminant(value);
    let others = [json!(null), json!(true), json!(-17.25), json!("other"), json!([[]]), json!({ "other": {} })];
    others.into_iter().filter(|other| std::mem::discriminant(other) != kind).collect()
}
