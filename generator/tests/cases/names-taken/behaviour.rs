//! Everything at the root of the crate has its own name, and messages give way to none of it.

use generated::{AnyTideEvent, TideConnect, TideConnect2, TideConnectRequest, AnyTideServer, TideEvent, TideServer};

#[test]
fn types_keep_their_names() {
    let event = AnyTideEvent::from_json(r#"{"type":"turned","height":2}"#).unwrap();
    let AnyTideEvent::TideEvent(turned) = event else { panic!("{event:?}") };
    let turned: TideEvent = *turned;
    assert!(turned.height.is_some());
    assert_eq!((TideServer::new().host, TideConnect::new()), (None, TideConnect::default()));
    assert_ne!(TideConnect2::Plain, TideConnect2::Quick);
    let _: fn(AnyTideServer) -> TideConnectRequest = TideConnectRequest::new;
}

#[test]
fn the_operation_and_the_alternatives_are_named_too() {
    fn _handles(_: impl generated::TideEventOperation) {}
    let storm = generated::Storm::new(generated::StormType::Gale, 9);
    assert_eq!(generated::WaterFlood::new(), generated::WaterFlood::default());
    assert!(generated::WaterEbb::default().low.is_none());
    assert_eq!(storm.wind, 9);
}
