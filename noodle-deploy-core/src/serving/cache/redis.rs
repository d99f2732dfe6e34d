//! The second level: a Redis that processes and machines share.
//!
//! A request gives it up once it sends nothing for a tenth of a second: after such a failure nobody asks until a thread of
//! its own has found it back. Values are bounded, so an answer that comes is a short one. Answers leave Redis when their time is up, or by its own `maxmemory` policy.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Client, Connection, RedisError, cmd};

use super::breaker::{Breaker, Permit};
use super::key::Key;
use super::levels::Failure;
use crate::clock::{Millis, instant};
use crate::error::{Error, Result};

/// How long a connection may take to come about, its greeting included.
const CONNECT: Duration = Duration::from_millis(200);
/// How long Redis may send nothing.
const ANSWER: Duration = Duration::from_millis(100);
/// Connections that are kept.
const MAX_IDLE: usize = 8;

pub(crate) struct Redis {
    client: Client,
    state: Mutex<State>,
    /// A try has ended.
    tried: Condvar,
}

struct State {
    idle: Vec<Connection>,
    breaker: Breaker,
}

impl Redis {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// `invalid_argument` for a URL that is none.
    pub(crate) fn new(url: &str) -> Result<Self> {
        let client = Client::open(url).map_err(|e| {
            // The URL may hold a password.
            Error::invalid("cache_redis_url", "a URL", "redis://[user:password@]host[:port][/database]").source(e)
        })?;
        let state = State { idle: Vec::new(), breaker: Breaker::new(instant()) };
        Ok(Redis { client, state: Mutex::new(state), tried: Condvar::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries to connect where nobody has yet, and waits for that no longer than a connection may take.
    pub(crate) fn warm(self: &Arc<Self>) {
        let mut state = self.state();
        if state.breaker.permit(instant()) == Permit::Try {
            drop(state);
            self.try_aside();
            state = self.state();
        }
        let tries = |state: &mut State| state.breaker.is_trying();
        drop(self.tried.wait_timeout_while(state, 2 * CONNECT, tries));
    }

    /// The value of a key, where it is no longer than `limit`; waits at most for `patience`.
    pub(crate) fn get(self: &Arc<Self>, key: &Key, limit: u64, patience: Duration) -> Result<Option<Vec<u8>>, Failure> {
        // The end is part of the range: one byte more than may be shows that it is too long.
        let end = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let name = name(key);
        let value: Vec<u8> =
            self.ask(patience, |connection| cmd("GETRANGE").arg(&name).arg(0).arg(end).query(connection))?;
        Ok((!value.is_empty() && value.len() as u64 <= limit).then_some(value))
    }

    pub(crate) fn put(self: &Arc<Self>, key: &Key, value: &[u8], ttl: Millis) -> Result<(), Failure> {
        let name = name(key);
        self.ask(ANSWER, |connection| cmd("SET").arg(&name).arg(value).arg("PX").arg(ttl).query(connection))
    }

    fn ask<T>(
        self: &Arc<Self>,
        patience: Duration,
        mut work: impl FnMut(&mut Connection) -> redis::RedisResult<T>,
    ) -> Result<T, Failure> {
        let idle = {
            let mut state = self.state();
            match state.breaker.permit(instant()) {
                Permit::Ask => state.idle.pop(),
                permit => {
                    drop(state);
                    if permit == Permit::Try {
                        self.try_aside();
                    }
                    return Err(Failure::Down);
                }
            }
        };
        let patience = patience.min(ANSWER);
        if patience.is_zero() {
            return Err(Failure::Hurried);
        }
        if let Some(mut connection) = idle {
            match run(&mut connection, patience, &mut work) {
                // Redis may have closed a connection that lay idle; the others are no better.
                Err(error) if error.is_unrecoverable_error() && !error.is_timeout() => self.state().idle.clear(),
                result => return self.settle(connection, patience, result),
            }
        }
        match self.connect() {
            Ok(mut connection) => {
                let result = run(&mut connection, patience, &mut work);
                self.settle(connection, patience, result)
            }
            Err(error) => Err(self.trip(&error)),
        }
    }

    fn connect(&self) -> redis::RedisResult<Connection> {
        let connection = self.client.get_connection_with_timeout(CONNECT)?;
        connection.set_write_timeout(Some(ANSWER))?;
        Ok(connection)
    }

    fn settle<T>(
        &self,
        connection: Connection,
        patience: Duration,
        result: redis::RedisResult<T>,
    ) -> Result<T, Failure> {
        match result {
            Ok(value) => {
                self.keep(connection);
                Ok(value)
            }
            // The request could not wait; that says nothing of Redis. Its answer may still come, so the connection goes.
            Err(error) if error.is_timeout() && patience < ANSWER => Err(Failure::Hurried),
            Err(error) if error.is_timeout() || error.is_io_error() || error.is_unrecoverable_error() => {
                Err(self.trip(&error))
            }
            // Redis answered, with an error: it may be full.
            Err(error) => {
                tracing::debug!(%error, "Redis refused");
                self.keep(connection);
                Err(Failure::Refused)
            }
        }
    }

    fn keep(&self, connection: Connection) {
        let mut state = self.state();
        if state.idle.len() < MAX_IDLE {
            state.idle.push(connection);
        }
    }

    fn trip(&self, error: &RedisError) -> Failure {
        let mut state = self.state();
        state.idle.clear();
        if state.breaker.failed(instant()) {
            tracing::warn!(%error, "Redis does not answer, and is left alone until it does");
        }
        Failure::Down
    }

    /// Tries to connect on a thread of its own, so that no request waits for a name or a machine that is gone.
    fn try_aside(self: &Arc<Self>) {
        let this = self.clone();
        let spawned = crate::threads::spawn("noodle-redis", move || {
            let result = this.connect();
            let mut state = this.state();
            match result {
                Ok(connection) => {
                    state.breaker.succeeded();
                    state.idle.push(connection);
                    tracing::debug!("Redis answers");
                }
                Err(error) => {
                    state.breaker.failed(instant());
                    tracing::debug!(%error, "Redis does not answer");
                }
            }
            drop(state);
            this.tried.notify_all();
        });
        if spawned.is_err() {
            self.state().breaker.failed(instant());
            self.tried.notify_all();
        }
    }
}

fn run<T>(
    connection: &mut Connection,
    patience: Duration,
    work: &mut impl FnMut(&mut Connection) -> redis::RedisResult<T>,
) -> redis::RedisResult<T> {
    connection.set_read_timeout(Some(patience))?;
    work(connection)
}

/// The key in Redis. Its number changes with the form of the value.
fn name(key: &Key) -> String {
    format!("noodle-deploy:1:{key:?}")
}
