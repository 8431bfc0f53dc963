use covet::prelude::*;

#[derive(SqlType)]
struct Socket(std::net::TcpStream);

fn main() {}
