//! Compiles a document that is in memory, and shows what comes out.

use eventwire_codegen::{Config, MemoryLoader, compile};

const DOCUMENT: &str = "
asyncapi: 2.6.0
info: { title: Doorbell, version: 1.0.0 }
channels:
  /bell:
    subscribe:
      message:
        name: rung
        payload:
          type: object
          required: [door]
          properties:
            door: { type: string, description: Where somebody rang. }
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::from_toml("document = 'doorbell.yaml'\nemit = ['types', 'events']")?;
    let loader: MemoryLoader = [("doorbell.yaml", DOCUMENT)].into_iter().collect();
    let compiled = compile(&config, &loader);
    eprint!("{}", compiled.render(false));
    let output = compiled.output.ok_or("the document has errors")?;
    for (path, text) in &output.files {
        println!("{path}: {} lines", text.lines().count());
    }
    print!("{}", output.files.get("src/messages.rs").ok_or("no messages")?);
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}
