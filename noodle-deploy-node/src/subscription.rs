//! Events as they happen.

use std::cell::RefCell;
use std::task::{Context, Poll};

use napi_derive::napi;
use noodle_deploy_core::{Pulled, Subscription as Place};
use serde_json::json;

use crate::answer::Answer;
use crate::port::Port;
use crate::value::Json;

/// A place in the stream of events.
#[napi]
pub struct Subscription(RefCell<Option<Place>>);

impl Subscription {
    pub(crate) fn new(place: Place) -> Self {
        Subscription(RefCell::new(Some(place)))
    }
}

#[napi]
impl Subscription {
    /// The next event, how many were lost, or that it is over; null where nothing is there yet, and then the port
    /// sends the token once something may be.
    #[napi(catch_unwind)]
    pub fn pull(&self, port: &Port, token: u32) -> Answer<Json> {
        Answer::of(|| {
            let mut place = self.0.borrow_mut();
            let Some(place) = place.as_mut() else { return Ok(Json(json!({ "closed": true }))) };
            match place.poll_pull(&mut Context::from_waker(&port.waker(token))) {
                Poll::Pending => Ok(Json(serde_json::Value::Null)),
                Poll::Ready(Pulled::Event(event)) => Ok(Json(json!({ "event": Json::of(&*event)?.0 }))),
                Poll::Ready(Pulled::Lagged(lost)) => Ok(Json(json!({ "lagged": lost }))),
                Poll::Ready(Pulled::Closed | Pulled::Empty) => Ok(Json(json!({ "closed": true }))),
            }
        })
    }

    /// Gives the place up.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.take();
    }
}
