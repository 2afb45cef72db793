//! What the page may call. Each command takes and gives views; none of them decides anything.

pub mod ask;
pub mod attachments;
pub mod camera;
pub mod codes;
pub mod contacts;
pub mod data;
pub mod files;
pub mod find;
pub mod invite;
pub mod mail;
pub mod organisations;
pub mod outbox;
pub mod profile;
pub mod records;
pub mod requests;
pub mod screen;

use std::sync::Arc;

use crate::{app::App, error::ErrorView};

/// The program, as Tauri hands it to a command.
pub type TheApp<'a> = tauri::State<'a, Arc<App>>;

/// What a command answers.
pub type Answer<T> = Result<T, ErrorView>;
