//! Connections: not more at once than the system has files for, and none for ever.
//!
//! When there is no room for another one, the connection on which nothing happened for the longest
//! time makes room. So whoever holds many connections and says nothing, or says it very slowly,
//! starves nobody: a call of somebody else is over before its connection is the oldest.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::serve::Listener;
use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};
use tokio_rustls::TlsAcceptor;

use super::tls::Stream;

/// A connection on which nothing happens for so long is closed. Longer than the pauses of the event
/// stream, and than clients keep connections for the next call.
const IDLE: Duration = Duration::from_secs(300);

/// All connections of a Backbone.
pub struct Connections {
    max: usize,
    open: Mutex<HashMap<u64, Arc<Life>>>,
    next: AtomicU64,
}

/// What is known of a connection.
struct Life {
    began: Instant,
    /// Milliseconds after `began` at which something was last read or written.
    active: AtomicU64,
    is_over: AtomicBool,
    reader: AtomicWaker,
}

impl Life {
    fn touch(&self) {
        let after = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.active.store(after, Ordering::Relaxed);
    }

    fn last_active(&self) -> Instant {
        self.began + Duration::from_millis(self.active.load(Ordering::Relaxed))
    }
}

impl Connections {
    /// None yet, and at most so many at once.
    pub fn new(max: usize) -> Self {
        Self {
            max,
            open: Mutex::default(),
            next: AtomicU64::new(0),
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Life>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(self: &Arc<Self>, stream: TcpStream) -> Connection {
        let life = Arc::new(Life {
            began: Instant::now(),
            active: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
            reader: AtomicWaker::new(),
        });
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut open = self.open();
        if open.len() >= self.max {
            let oldest = open
                .iter()
                .filter(|(_, life)| !life.is_over.load(Ordering::Relaxed))
                .min_by_key(|(_, life)| life.last_active());
            if let Some((_, life)) = oldest {
                life.is_over.store(true, Ordering::Relaxed);
                life.reader.wake();
            }
        }
        open.insert(number, Arc::clone(&life));
        drop(open);
        Connection {
            stream,
            number,
            life,
            idle: Box::pin(sleep(IDLE)),
            all: Arc::clone(self),
        }
    }
}

/// A listener whose connections are counted, and encrypted if it has a certificate.
pub struct CountedListener {
    pub listener: TcpListener,
    pub connections: Arc<Connections>,
    pub tls: Option<TlsAcceptor>,
}

impl Listener for CountedListener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        // The listener of axum waits and goes on where the system has no more files.
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small; waiting to fill a packet only makes them late.
        let _ = stream.set_nodelay(true);
        let connection = self.connections.add(stream);
        let stream = match &self.tls {
            Some(tls) => Stream::Greeting(Box::new(tls.accept(connection))),
            None => Stream::Plain(connection),
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    number: u64,
    life: Arc<Life>,
    idle: Pin<Box<Sleep>>,
    all: Arc<Connections>,
}

impl Connection {
    /// Whether the connection has to end: it was chosen to make room, or nothing happened.
    fn poll_over(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        self.life.reader.register(context.waker());
        if self.life.is_over.load(Ordering::Relaxed) {
            return Poll::Ready(io::ErrorKind::ConnectionAborted.into());
        }
        while self.idle.as_mut().poll(context).is_ready() {
            let idle_at = self.life.last_active() + IDLE;
            if idle_at <= Instant::now() {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            self.idle.as_mut().reset(idle_at.into());
        }
        Poll::Pending
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open().remove(&self.number);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(over) = self.poll_over(context) {
            return Poll::Ready(Err(over));
        }
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.life.touch();
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.life.is_over.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_ready() {
            self.life.touch();
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.life.is_over.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        if written.is_ready() {
            self.life.touch();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
