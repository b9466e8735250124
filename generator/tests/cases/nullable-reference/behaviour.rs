//! Both members hold the one type that they refer to.

use generated::{Team, User};

#[test]
fn the_type_is_shared() {
    let user = User::new("a".to_owned());
    let team = Team { deputy: Some(Box::new(user.clone())).into(), ..Team::new(Some(Box::new(user))) };
    assert_eq!(eventwire::to_json(&team).unwrap(), r#"{"lead":{"id":"a"},"deputy":{"id":"a"}}"#);
}
