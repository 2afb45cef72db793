fn main() {
    tessera_shell::run();
}
