//! What is done with messages: sending and handling.

/// Sends messages of the set `C`; implemented by clients. The generated publish traits build on it.
pub trait Publisher<C> {
    /// Why a message was not accepted for sending.
    type Error;

    /// Hands one message over for sending.
    fn publish(&self, command: C) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Takes events of the set `E` one after another; the generated subscribe traits build on it.
pub trait Handler<E> {
    /// Handles one event. The next one waits until this is done.
    fn handle(&mut self, event: E) -> impl Future<Output = ()> + Send;
}
