//! Writes what a fuzz target begins with: `cargo run -p tessera-fuzz --example seeds -- TARGET FOLDER`
//!
//! Prints how many bytes an input has at most. Without arguments: the names of the targets.

use std::{fs, path::Path, process::ExitCode};

use tessera_fuzz::TARGETS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else {
        TARGETS
            .iter()
            .for_each(|target| println!("{}", target.name));
        return ExitCode::SUCCESS;
    };
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        eprintln!("there is no target {name}");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        for (number, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:04}")), seed)?;
        }
        Ok(())
    };
    if let Err(error) = write() {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    println!("{}", target.longest);
    ExitCode::SUCCESS
}
