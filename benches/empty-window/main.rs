//! A Tauri window with a line of text in it: the floor under what Tessera's window needs of time and
//! memory. `benches/window.mjs` measures both in the same run.

fn main() {
    tauri::Builder::default()
        .run(tauri::generate_context!(
            "benches/empty-window/tauri.conf.json"
        ))
        .expect("the window can be opened");
}
