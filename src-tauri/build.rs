//! Prepares the shell's build: the page that is embedded, the capabilities, the window's configuration.

use std::{fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=ui/dist");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");

    // A fresh clone has no built page yet, and the macro that embeds it wants one.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("ui/dist").expect("ui/dist can be created");
        fs::write(
            page,
            "<!doctype html><title>Tessera</title><p>Run ./dev build first.</p>",
        )
        .expect("ui/dist/index.html can be written");
    }

    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(
            tauri_build::AppManifest::new()
                .permissions_path_pattern("./src-tauri/permissions/**/*"),
        );
    tauri_build::try_build(attributes).expect("the Tauri configuration is valid");
}
