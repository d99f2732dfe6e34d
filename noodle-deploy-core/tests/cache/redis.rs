//! The level in Redis, with a real server that is killed, stopped and lied to.
//!
//! Without a `redis-server` these tests are skipped, unless `NOODLE_FORBID_SKIPS=1`.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use noodle_deploy_core::machine::cache::CacheConfig;
use noodle_deploy_core::machine::cache::CacheLevel::{Memory, Redis};
use noodle_deploy_core::{ErrorKind, Noodle, Settings};

use crate::world::*;

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// None where there is no program, which is said.
    fn start() -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(
                std::env::var("NOODLE_FORBID_SKIPS").as_deref() != Ok("1"),
                "there is no redis-server and skips are forbidden"
            );
            println!("skipped: no redis-server; apt-get install redis-server");
            return None;
        }
        // Another program may take the port in between; then the server ends, and the next port is tried.
        (0..10).find_map(|_| {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            Self::start_at(port)
        })
    }

    fn start_at(port: u16) -> Option<Self> {
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server { child, port };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if server.child.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(Instant::now() < deadline, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(server)
    }

    fn settings(&self) -> Settings {
        Settings { cache_redis_url: Some(format!("redis://127.0.0.1:{}", self.port)), ..settings() }
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    fn connection(&self) -> redis::Connection {
        redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap().get_connection().unwrap()
    }

    fn keys(&self) -> Vec<String> {
        redis::cmd("KEYS").arg("noodle-deploy:1:*").query(&mut self.connection()).unwrap()
    }
}

fn shared() -> CacheConfig {
    CacheConfig { levels: vec![Redis], ttl_ms: Some(60_000), ..CacheConfig::default() }
}

/// A directory of its own that serves version 1.
fn serve(settings: Settings, cache: CacheConfig) -> (tempfile::TempDir, Arc<Script>, Noodle) {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::<Script>::default();
    let noodle = open_with(dir.path(), &script, settings);
    register(&noodle, dir.path(), 1);
    deploy(&noodle, 1, cache);
    script.runs.store(0, Ordering::SeqCst);
    (dir, script, noodle)
}

#[test]
fn directories_share_what_redis_has_and_memory_has_it_next() {
    let Some(server) = Server::start() else { return };
    let (_dir, script, first) = serve(server.settings(), shared());
    expect(&first, 1.0, 1);
    until("the answer is written", || server.keys().len() == 1);
    expect(&first, 1.0, 1);
    assert_eq!((metrics(&first).redis_hits, script.runs.load(Ordering::SeqCst)), (1, 1));
    let ttl: i64 = redis::cmd("PTTL").arg(&server.keys()[0]).query(&mut server.connection()).unwrap();
    assert!((1..=60_000).contains(&ttl), "{ttl}");

    let config = CacheConfig { levels: vec![Memory, Redis], ..shared() };
    let (_dir, script, second) = serve(server.settings(), config);
    expect(&second, 1.0, 1);
    expect(&second, 1.0, 1);
    let found = metrics(&second);
    assert_eq!((found.redis_hits, found.memory_hits, found.misses, found.failures), (1, 1, 0, 0));
    assert_eq!(script.runs.load(Ordering::SeqCst), 0);
}

#[test]
fn what_redis_gives_back_is_checked() {
    let Some(server) = Server::start() else { return };
    let (_dir, script, noodle) = serve(server.settings(), shared());
    expect(&noodle, 1.0, 1);
    until("the answer is written", || server.keys().len() == 1);
    let key = server.keys().remove(0);
    let good: Vec<u8> = redis::cmd("GET").arg(&key).query(&mut server.connection()).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let too_long = vec![0u8; 20 << 20];
    for (what, bad) in [("flipped", flipped), ("cut", good[..good.len() - 1].to_vec()), ("too long", too_long)] {
        let () = redis::cmd("SET").arg(&key).arg(&bad).query(&mut server.connection()).unwrap();
        let (runs, hits) = (script.runs.load(Ordering::SeqCst), metrics(&noodle).redis_hits);
        expect(&noodle, 1.0, 1);
        assert_eq!(metrics(&noodle).redis_hits, hits, "{what} is no answer");
        assert_eq!(script.runs.load(Ordering::SeqCst), runs + 1, "{what}");
        // On a busy machine Redis may be left alone for a while, so it is asked until it has the answer.
        until("it is made good", || {
            expect(&noodle, 1.0, 1);
            metrics(&noodle).redis_hits > hits
        });
    }
    // A value of another type is an error of Redis, and no reason to leave it alone.
    let () = redis::cmd("DEL").arg(&key).query(&mut server.connection()).unwrap();
    let () = redis::cmd("LPUSH").arg(&key).arg("x").query(&mut server.connection()).unwrap();
    let (runs, hits) = (script.runs.load(Ordering::SeqCst), metrics(&noodle).redis_hits);
    expect(&noodle, 1.0, 1);
    assert_eq!(script.runs.load(Ordering::SeqCst), runs + 1);
    until("it is made good", || {
        expect(&noodle, 1.0, 1);
        metrics(&noodle).redis_hits > hits
    });
}

#[test]
fn a_redis_that_is_killed_is_a_miss_that_costs_nothing_and_comes_back() {
    let Some(mut server) = Server::start() else { return };
    let (_dir, script, noodle) = serve(server.settings(), shared());
    expect(&noodle, 1.0, 1);
    until("the answer is written", || server.keys().len() == 1);
    expect(&noodle, 1.0, 1);
    assert_eq!(metrics(&noodle).redis_hits, 1);
    let port = server.port;
    std::thread::scope(|scope| {
        let asker = scope.spawn(|| {
            for n in 0..2_000 {
                expect(&noodle, (n % 4) as f32, 1);
            }
        });
        std::thread::sleep(Duration::from_millis(20));
        server.kill();
        asker.join().unwrap();
    });
    let failures = metrics(&noodle).failures;
    script.runs.store(0, Ordering::SeqCst);
    let begun = Instant::now();
    for _ in 0..500 {
        expect(&noodle, 1.0, 1);
    }
    let took = begun.elapsed();
    assert_eq!(script.runs.load(Ordering::SeqCst), 500, "each is a miss");
    assert!(metrics(&noodle).failures >= failures + 500);
    assert!(took < Duration::from_secs(2), "500 requests took {took:?}");
    server = Server::start_at(port).expect("the port is still free");
    let hits = metrics(&noodle).redis_hits;
    until("Redis is asked again", || {
        expect(&noodle, 1.0, 1);
        metrics(&noodle).redis_hits > hits
    });
    drop(server);
}

#[test]
fn a_redis_that_hangs_delays_one_request_and_no_more() {
    let Some(server) = Server::start() else { return };
    let (_dir, _script, noodle) = serve(server.settings(), shared());
    expect(&noodle, 1.0, 1);
    until("the answer is written", || server.keys().len() == 1);
    server.signal("-STOP");
    let begun = Instant::now();
    for _ in 0..100 {
        expect(&noodle, 1.0, 1);
    }
    let took = begun.elapsed();
    server.signal("-CONT");
    // One waits a tenth of a second; a hundred of them would take ten.
    assert!(took < Duration::from_secs(3), "100 requests took {took:?}");
    let hits = metrics(&noodle).redis_hits;
    until("Redis is asked again", || {
        expect(&noodle, 1.0, 1);
        metrics(&noodle).redis_hits > hits
    });
}

#[test]
fn a_deploy_does_without_a_redis_that_is_not_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = Settings { cache_redis_url: Some(format!("redis://127.0.0.1:{port}")), ..settings() };
    let (dir, script, noodle) = serve(settings, shared());
    expect(&noodle, 1.0, 1);
    expect(&noodle, 1.0, 1);
    assert_eq!((script.runs.load(Ordering::SeqCst), metrics(&noodle).failures), (2, 2));
    noodle.close();
    // A process without the setting serves the same deployment, with the levels that it has.
    let noodle = open(dir.path(), &script);
    expect(&noodle, 1.0, 1);
    assert_eq!(metrics(&noodle).failures, 0);
    assert_eq!(try_deploy(&noodle, 1, shared()).unwrap_err().kind(), ErrorKind::Unsupported);
}
