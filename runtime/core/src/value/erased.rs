//! Values so deep inside others that compilers would not see their end.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A pointer to a value that is `Send` and `Sync` for the compiler at once, without a look at what the value is made of.
///
/// Generated types use it instead of `Box` where very many types contain each other: the compiler follows them to a
/// limited depth only. It is used as a `Box` is:
///
/// ```
/// use eventwire::Erased;
///
/// let mut name = Erased::new(String::from("tea"));
/// name.push_str("pot");
/// assert_eq!(name.len(), 6);
/// assert_eq!(name.into_inner(), "teapot");
/// ```
pub struct Erased<T> {
    /// Always a `T`.
    value: Box<dyn Value>,
    // Neither holds a `T` in the eyes of the compiler.
    holds: PhantomData<fn() -> T>,
}

/// What can be kept without saying its type.
trait Value: Any + Send + Sync {}

impl<T: Any + Send + Sync> Value for T {}

impl<T: Send + Sync + 'static> Erased<T> {
    /// Puts a value behind the pointer.
    pub fn new(value: T) -> Self {
        Self { value: Box::new(value), holds: PhantomData }
    }

    /// Returns the value.
    #[must_use]
    pub fn into_inner(self) -> T {
        let value: Box<dyn Any> = self.value;
        match value.downcast() {
            Ok(value) => *value,
            Err(_) => unreachable!("made of another type"),
        }
    }
}

impl<T: 'static> Deref for Erased<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let value: &dyn Any = &*self.value;
        match value.downcast_ref() {
            Some(value) => value,
            None => unreachable!("made of another type"),
        }
    }
}

impl<T: 'static> DerefMut for Erased<T> {
    fn deref_mut(&mut self) -> &mut T {
        let value: &mut dyn Any = &mut *self.value;
        match value.downcast_mut() {
            Some(value) => value,
            None => unreachable!("made of another type"),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Clone for Erased<T> {
    fn clone(&self) -> Self {
        Self::new(T::clone(self))
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for Erased<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: PartialEq + 'static> PartialEq for Erased<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: Eq + 'static> Eq for Erased<T> {}

impl<T: Default + Send + Sync + 'static> Default for Erased<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Send + Sync + 'static> From<T> for Erased<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Erased;

    #[test]
    fn it_is_what_it_holds() {
        let mut list: Erased<Vec<u8>> = crate::from_json("[1,2]").unwrap();
        list.push(3);
        assert_eq!(list, Erased::new(vec![1, 2, 3]));
        assert_eq!(list.clone().into_inner(), [1, 2, 3]);
        assert_eq!(format!("{list:?}"), "[1, 2, 3]");
        assert_eq!(crate::to_json(&list).unwrap(), "[1,2,3]");
        assert!(Erased::<Vec<u8>>::default().is_empty());
    }
}
