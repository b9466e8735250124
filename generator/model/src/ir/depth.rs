//! The nesting depth of types, as rustc counts it.
//!
//! To know that a type is `Send`, rustc looks at all it is made of, down to the last part, and gives up at a depth of
//! [128](https://doc.rust-lang.org/reference/attributes/limits.html). Every crate that uses a generated one asks again, and
//! none of them should have to raise the limit. So where a chain of types could be too long, it is cut: some uses of types
//! stand behind a pointer that is `Send` whatever it points to.

use super::{Indirection, Shape, Type, TypeDef};

/// The longest chain that is not cut. The rest of rustc's limit is for code that uses the types.
const LIMIT: usize = 80;

/// Cuts the chains of types that are too long.
///
/// Whether a use is cut depends on the size of the circle it is part of and on the height of what it leads to, never on the
/// order of the document. In a circle that is too large, all uses of its types in each other are cut.
pub(super) fn limit(types: &mut [TypeDef]) {
    let edges: Vec<Vec<usize>> = types.iter().map(|definition| targets(&definition.shape)).collect();
    let own: Vec<usize> = types.iter().map(|definition| steps(&definition.shape)).collect();
    let circles = circles(&edges);
    let mut circle_of = vec![0; types.len()];
    for (number, members) in circles.iter().enumerate() {
        for member in members {
            circle_of[*member] = number;
        }
    }
    let mut heights = vec![0; types.len()];
    for (number, members) in circles.iter().enumerate() {
        let whole: usize = members.iter().map(|member| own[*member]).sum();
        let cut_within = whole > LIMIT && members.len() > 1;
        let mut highest = 0;
        for member in members {
            // The way through a circle passes each of its types once at most.
            let above = if cut_within { own[*member] } else { whole };
            let within = |target: usize| circle_of[target] == number;
            let is_cut = |target: usize| if within(target) { cut_within } else { above + heights[target] > LIMIT };
            for used in slots(&mut types[*member].shape) {
                cut(used, &is_cut);
            }
            let below = edges[*member].iter().filter(|target| !within(**target) && !is_cut(**target));
            let height = above + below.map(|target| heights[*target]).max().unwrap_or_default();
            heights[*member] = height;
            highest = highest.max(height);
        }
        if !cut_within {
            for member in members {
                heights[*member] = highest;
            }
        }
    }
}

fn cut(used: &mut Type, is_cut: &impl Fn(usize) -> bool) {
    match used {
        Type::Boxed(pointer, inner) => match inner.as_ref() {
            Type::Named(id) if is_cut(id.0) => *pointer = Indirection::Erased,
            _ => cut(inner, is_cut),
        },
        Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => cut(inner, is_cut),
        Type::Named(id) if is_cut(id.0) => *used = Type::Boxed(Indirection::Erased, Box::new(Type::Named(*id))),
        Type::Named(_) | Type::Scalar(_) | Type::External(_) => {}
    }
}

/// The types that a shape mentions, at any place.
fn targets(shape: &Shape) -> Vec<usize> {
    fn named(used: &Type) -> Option<usize> {
        match used {
            Type::Boxed(_, inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => named(inner),
            Type::Named(id) => Some(id.0),
            Type::Scalar(_) | Type::External(_) => None,
        }
    }
    shape.parts().iter().filter_map(named).collect()
}

/// How many types rustc passes on the way from a type to those it holds: itself, options, lists and what they are made of.
fn steps(shape: &Shape) -> usize {
    fn of(used: &Type) -> usize {
        match used {
            Type::Boxed(Indirection::Plain, inner) => 2 + of(inner),
            Type::Boxed(Indirection::Erased, _) | Type::Named(_) | Type::Scalar(_) | Type::External(_) => 0,
            Type::Nullable(inner) => 1 + of(inner),
            Type::Array(inner) => 3 + of(inner),
            Type::Map(inner) => 6 + of(inner),
        }
    }
    // Two more: an option for what may be missing, and the type itself.
    2 + shape.parts().iter().map(of).max().unwrap_or_default()
}

/// The types that values of a shape hold, what they hold in lists among them.
fn slots(shape: &mut Shape) -> Vec<&mut Type> {
    match shape {
        Shape::Tuple(tuple) => {
            tuple.positions.iter_mut().map(|position| &mut position.value).chain(&mut tuple.rest).collect()
        }
        Shape::Alias(inner) => vec![inner],
        Shape::Struct(_) | Shape::Union(_) | Shape::Enum(_) | Shape::Newtype(_) => shape.contained_mut(),
    }
}

/// The circles of a graph, what they lead to first; what is in no circle is one by itself.
///
/// Kosaraju's algorithm, without recursion.
fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for target in targets {
            back[*target].push(from);
        }
    }
    let mut seen = vec![false; edges.len()];
    let finished: Vec<usize> = (0..edges.len()).flat_map(|start| visit(start, edges, &mut seen)).collect();
    let mut seen = vec![false; edges.len()];
    let mut circles: Vec<Vec<usize>> = finished.into_iter().rev().map(|start| visit(start, &back, &mut seen)).collect();
    circles.retain(|members| !members.is_empty());
    circles.reverse();
    circles
}

/// What can be reached and was not seen yet, in the order in which a search in depth leaves it.
fn visit(start: usize, edges: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let mut left = Vec::new();
    let mut way = Vec::new();
    if !std::mem::replace(&mut seen[start], true) {
        way.push((start, edges[start].iter()));
    }
    while let Some((here, rest)) = way.last_mut() {
        if let Some(target) = rest.find(|target| !seen[**target]) {
            seen[*target] = true;
            way.push((*target, edges[*target].iter()));
        } else {
            left.push(*here);
            way.pop();
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn circles_come_after_what_they_lead_to() {
        let sorted = |edges: &[Vec<usize>]| {
            let mut found = circles(edges);
            for members in &mut found {
                members.sort_unstable();
            }
            found
        };
        assert_eq!(sorted(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(sorted(&[vec![1], vec![2], vec![]]), [[2], [1], [0]]);
        assert_eq!(sorted(&[vec![1], vec![2, 0], vec![3, 2], vec![]]), [vec![3], vec![2], vec![0, 1]]);
        assert_eq!(sorted(&[vec![2], vec![0], vec![1]]), [[0, 1, 2]]);
    }
}
