//! The shell of Tessera: the window, and the commands between its page and the core.
//!
//! It translates and holds together; what a Request means is decided in `tessera-wallet`.

mod app;
mod attention;
mod captures;
mod codes;
mod commands;
mod embedded;
mod error;
mod held;
mod links;
mod operations;
mod organisations;
mod other_codes;
mod page_files;
mod preview;
mod reading;
mod settings;
mod views;

use std::{path::PathBuf, sync::Arc};

use app::App;
use tauri::{AppHandle, Emitter, Manager, RunEvent, WebviewWindowBuilder, WindowEvent};
use tracing_subscriber::EnvFilter;

/// Names another folder for everything that is kept, for a second wallet or a test.
const DATA: &str = "TESSERA_DATA";

/// Takes the links that another program handed over.
fn arrive(handle: &AppHandle, arguments: &[String]) {
    let app = handle.state::<Arc<App>>();
    let has_new = app
        .links
        .take_arguments(arguments.iter().map(String::as_str));
    links::announce(handle, has_new);
}

/// Opens the window of the configuration; its title is the page's.
fn open_window(tauri: &tauri::App) -> tauri::Result<()> {
    for window in &tauri.config().app.windows {
        WebviewWindowBuilder::from_config(tauri.handle(), window)?
            .on_document_title_changed(|window, title| {
                if let Err(error) = window.set_title(&title) {
                    tracing::debug!(%error, "the window keeps its title");
                }
            })
            .build()?;
    }
    Ok(())
}

/// Starts the window and returns when it was closed and everything behind it has ended.
///
/// # Errors
///
/// When the system gives no window.
pub fn run() -> tauri::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();

    let context = tauri::generate_context!();
    let name = links::instance_name(
        &context.config().identifier,
        std::env::var_os(DATA).as_deref(),
    );
    let app = tauri::Builder::default()
        // First, so that a second program has not begun anything when it hands over its link and ends.
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name)
                .callback(|handle, arguments, _| arrive(handle, &arguments))
                .build(),
        )
        .plugin(tauri_plugin_opener::init())
        .manage(commands::camera::Camera::default())
        .manage(attention::Tray::default())
        .invoke_handler(tauri::generate_handler![
            commands::ask::ask_draft,
            commands::ask::check_request,
            commands::ask::passable_entries,
            commands::ask::save_ask_draft,
            commands::ask::send_request,
            commands::ask::sent_request,
            commands::ask::sent_requests,
            commands::attachments::attach_file,
            commands::attachments::attachment_facts,
            commands::attachments::attachment_picture,
            commands::attachments::attachment_text,
            commands::attachments::pass_on_attachment,
            commands::attachments::save_attachment,
            commands::camera::cameras,
            commands::camera::start_camera,
            commands::camera::stop_camera,
            commands::codes::arrived_links,
            commands::codes::cancel,
            commands::codes::captured_picture,
            commands::codes::forget_capture,
            commands::codes::open_code,
            commands::codes::read_clipboard,
            commands::codes::read_code,
            commands::codes::read_image,
            commands::codes::read_region,
            commands::codes::read_text,
            commands::contacts::check_relationship,
            commands::contacts::check_relationship_of,
            commands::contacts::contact,
            commands::contacts::contact_relationships,
            commands::contacts::contact_standing,
            commands::contacts::contact_timeline,
            commands::contacts::contacts,
            commands::contacts::relationship_step,
            commands::contacts::search_contacts,
            commands::contacts::set_contact_archived,
            commands::contacts::set_contact_note,
            commands::data::add_attribute,
            commands::data::attribute,
            commands::data::attribute_history,
            commands::data::attribute_tags,
            commands::data::attributes,
            commands::data::delete_attribute,
            commands::data::derivation,
            commands::data::edit_attribute,
            commands::data::given_to,
            commands::data::holders,
            commands::data::notify_about_succession,
            commands::data::search_attributes,
            commands::data::set_attribute_label,
            commands::data::set_default_attribute,
            commands::data::told_of_deletion,
            commands::data::value_types,
            commands::files::file_code,
            commands::files::file_facts,
            commands::files::file_picture,
            commands::files::file_text,
            commands::files::files,
            commands::files::save_file,
            commands::files::upload_file,
            commands::find::find,
            commands::invite::create_invitation,
            commands::invite::delete_invitation,
            commands::invite::invitation_code,
            commands::invite::invitations,
            commands::invite::save_invitation,
            commands::mail::attachable_file,
            commands::mail::check_recipients,
            commands::mail::discard_mail_draft,
            commands::mail::keep_mail_draft,
            commands::mail::look_for_received,
            commands::mail::mail_draft,
            commands::mail::mail_drafts,
            commands::mail::mailbox,
            commands::mail::message,
            commands::mail::message_of_request,
            commands::mail::send_mail,
            commands::mail::send_mail_again,
            commands::mail::set_message_read,
            commands::mail::unread_messages,
            commands::organisations::answer_organisation,
            commands::organisations::organisations,
            commands::outbox::outbox_entries,
            commands::outbox::retry_now,
            commands::profile::app_state,
            commands::profile::create_profile,
            commands::profile::open_link,
            commands::profile::set_settings,
            commands::profile::show_attention,
            commands::profile::sync,
            commands::profile::sync_status,
            commands::profile::unlock,
            commands::records::given,
            commands::records::receipt,
            commands::records::receipt_of,
            commands::records::receipts,
            commands::records::save_given,
            commands::records::save_paper,
            commands::records::save_receipt,
            commands::requests::accept_request,
            commands::requests::check_decision,
            commands::requests::dismiss_request,
            commands::requests::draft,
            commands::requests::reject_request,
            commands::requests::request_form,
            commands::requests::request_sender,
            commands::requests::requests,
            commands::requests::save_draft,
            commands::requests::take_back_decision,
            commands::screen::capture_screens,
        ])
        .setup(|tauri| {
            let folder = match std::env::var_os(DATA) {
                Some(folder) => PathBuf::from(folder),
                None => tauri.path().app_local_data_dir()?,
            };
            let handle = tauri.handle().clone();
            let app = App::new(folder, move |changed| {
                if let Err(error) =
                    handle.emit("wallet-changed", serde_json::json!({ "what": changed }))
                {
                    tracing::warn!(%error, "the page can't be told of a change");
                }
            });
            tauri.manage(Arc::clone(&app));
            let arguments: Vec<String> = std::env::args_os()
                .filter_map(|argument| argument.into_string().ok())
                .collect();
            app.links
                .take_arguments(arguments.iter().map(String::as_str));
            open_window(tauri)?;
            tauri::async_runtime::spawn(async move { app.start().await });
            Ok(())
        })
        .build(context)?;

    app.run(|handle, event| match event {
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } => {
            let app = handle.state::<Arc<App>>();
            let comes_back = handle.state::<attention::Tray>().is_there();
            if app.settings().background
                && comes_back
                && let Some(window) = handle.get_webview_window(&label)
                && window.hide().is_ok()
            {
                api.prevent_close();
            }
        }
        RunEvent::Exit => {
            handle.state::<commands::camera::Camera>().stop();
            tauri::async_runtime::block_on(handle.state::<Arc<App>>().stop());
        }
        // There a link is no argument but a message of the system.
        #[cfg(any(target_os = "macos", target_os = "ios"))]
        RunEvent::Opened { urls } => {
            let mut arguments = vec![String::new()];
            arguments.extend(urls.into_iter().map(String::from));
            arrive(handle, &arguments);
        }
        _ => {}
    });
    Ok(())
}
