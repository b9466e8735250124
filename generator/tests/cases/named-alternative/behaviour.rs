use generated::{Content, Picture};

/// The name that the settings give to an alternative is that of its type and of its variant.
#[test]
fn the_settings_name_an_alternative() {
    let content: Content = eventwire::from_json(r#"{"image":"a.png"}"#).unwrap();
    let Content::Picture(picture) = content else { panic!("{content:?}") };
    assert_eq!(*picture, Picture::new("a.png"));
}
