//! Encrypted connections, for a Backbone that others than programs of this computer use.

use std::{
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{Accept, TlsAcceptor, server::TlsStream};

use super::connections::Connection;
use crate::{BackboneError, settings::TlsSettings};

/// Reads the certificate chain and the key.
pub fn acceptor(settings: &TlsSettings) -> Result<TlsAcceptor, BackboneError> {
    let unusable = |file: &Path| {
        let file: PathBuf = file.to_owned();
        move |reason: &dyn std::fmt::Display| BackboneError::Tls {
            file,
            reason: reason.to_string(),
        }
    };
    let of_certificate = unusable(&settings.certificate);
    let chain = CertificateDer::pem_file_iter(&settings.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = match chain {
        Ok(chain) if !chain.is_empty() => chain,
        Ok(_) => return Err(of_certificate(&"there is no certificate in it")),
        Err(error) => return Err(of_certificate(&error)),
    };
    let key = PrivateKeyDer::from_pem_file(&settings.key)
        .map_err(|error| unusable(&settings.key)(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, key))
        .map_err(|error| of_certificate(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A connection, encrypted or not. What a client and this server say to each other before anything
/// is encrypted is part of its first reading or writing, so that a slow one holds up nobody else.
pub enum Stream {
    Plain(Connection),
    Greeting(Box<Accept<Connection>>),
    Encrypted(Box<TlsStream<Connection>>),
}

impl Stream {
    /// What is read from and written to, once both sides know each other.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Pin<&mut dyn Both>>> {
        if let Self::Greeting(accept) = self {
            let stream = ready!(Pin::new(accept.as_mut()).poll(context))?;
            *self = Self::Encrypted(Box::new(stream));
        }
        let both: &mut dyn Both = match self {
            Self::Plain(connection) => connection,
            Self::Encrypted(stream) => stream.as_mut(),
            Self::Greeting(_) => return Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        Poll::Ready(Ok(Pin::new(both)))
    }
}

/// What can be read and written.
trait Both: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Both for T {}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_ready(context))?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_ready(context))?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_ready(context))?.poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(connection) => connection.is_write_vectored(),
            Self::Encrypted(stream) => stream.is_write_vectored(),
            Self::Greeting(_) => false,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_ready(context))?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.as_mut().get_mut() {
            // There is nobody yet to say good-bye to.
            Self::Greeting(_) => Poll::Ready(Ok(())),
            _ => ready!(self.poll_ready(context))?.poll_shutdown(context),
        }
    }
}
