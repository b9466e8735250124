//! Documents in the style of the Stream document, of any size.

use std::fmt::Write as _;

use crate::Failure;

/// How many messages there are for each shared type.
pub(super) const MESSAGES_PER_TYPE: usize = 6;

/// A document with so many messages, as YAML.
pub(super) fn document(messages: usize) -> Result<String, Failure> {
    let types = (messages / MESSAGES_PER_TYPE).max(8);
    let mut text = String::from(
        "asyncapi: 2.6.0\ninfo:\n  title: Synthetic\n  version: 1.0.0\n\nchannels:\n  /connect:\n    description: The \
         connection of one user.\n    subscribe:\n      operationId: receiveEvent\n      summary: Events that the client \
         receives.\n      message:\n        oneOf:\n",
    );
    for index in 0..messages {
        writeln!(text, "          - $ref: '#/components/messages/{}'", name(index))?;
    }
    text += "\ncomponents:\n  messages:\n";
    for index in 0..messages {
        let (name, tag) = (name(index), tag(index));
        write!(
            text,
            "    {name}:\n      name: {name}Event\n      title: {tag}\n      summary: The {index}th thing that can \
             happen.\n      payload:\n        $ref: '#/components/schemas/{name}Event'\n"
        )?;
    }
    text += BASE;
    for index in 0..types {
        shared(&mut text, index)?;
    }
    for index in 0..messages {
        payload(&mut text, index, types)?;
    }
    Ok(text)
}

/// What every event has.
const BASE: &str = "  schemas:
    BaseEvent:
      type: object
      description: The members that all events share.
      required: [type, created_at]
      properties:
        type:
          type: string
          description: What happened.
        cid:
          type: string
          description: Type and id of the channel, joined by a colon; absent when the event concerns no single channel.
        channel_id:
          type: string
          description: Id of the channel, the part of `cid` after the colon.
        created_at:
          type: string
          format: date-time
          description: When it happened.
        user:
          $ref: '#/components/schemas/Part0'
        watcher_count:
          type: integer
          format: int32
          description: Users who watch the channel.
        custom:
          type: object
          additionalProperties: true
          description: Data that the application attached to the event.
";

/// Words that names are made of.
const SUBJECTS: [&str; 8] = ["Message", "Reaction", "Channel", "Member", "User", "Thread", "Poll", "Reminder"];
const ACTIONS: [&str; 6] = ["New", "Updated", "Deleted", "Flagged", "Hidden", "Restored"];

fn name(index: usize) -> String {
    let (subject, action) = (SUBJECTS[index % 8], ACTIONS[index / 8 % 6]);
    format!("{subject}{action}{index}")
}

fn tag(index: usize) -> String {
    let (subject, action) = (SUBJECTS[index % 8], ACTIONS[index / 8 % 6]);
    format!("{}.{}_{index}", subject.to_lowercase(), action.to_lowercase())
}

/// A type that several events mention, with others inside of it.
fn shared(text: &mut String, index: usize) -> Result<(), Failure> {
    writeln!(
        text,
        "    Part{index}:\n      type: object\n      description: Something that events tell about, the {index}th of \
         its kind.\n      properties:"
    )?;
    for (at, word) in ["id", "name", "role", "image", "text", "team"].iter().enumerate() {
        writeln!(text, "        {word}:\n          type: string\n          description: The text number {at} of it.")?;
    }
    for word in ["created_at", "updated_at", "deleted_at"] {
        writeln!(
            text,
            "        {word}:\n          type: string\n          format: date-time\n          description: A time."
        )?;
    }
    for word in ["banned", "hidden", "frozen"] {
        writeln!(text, "        {word}:\n          type: boolean\n          description: Whether it is so.")?;
    }
    if let Some(inner) = index.checked_sub(1) {
        writeln!(text, "        owner:\n          $ref: '#/components/schemas/Part{}'", inner / 2)?;
        writeln!(
            text,
            "        parts:\n          type: array\n          description: Others that belong to it.\n          \
             items:\n            $ref: '#/components/schemas/Part{inner}'"
        )?;
    }
    writeln!(text, "        custom:\n          type: object\n          additionalProperties: true")?;
    writeln!(text, "      additionalProperties: true")?;
    Ok(())
}

fn payload(text: &mut String, index: usize, types: usize) -> Result<(), Failure> {
    writeln!(
        text,
        "    {}Event:\n      description: Sent to those who watch a channel when the {index}th thing happens.\n      \
         allOf:\n        - $ref: '#/components/schemas/BaseEvent'\n        - type: object\n          properties:\n            \
         type:\n              type: string\n              enum: [{}]",
        name(index),
        tag(index),
    )?;
    for (word, part) in [("subject", index % types), ("channel", (index * 7 + 3) % types)] {
        writeln!(text, "            {word}:\n              $ref: '#/components/schemas/Part{part}'")?;
    }
    for word in ["reason", "channel_type"].iter().take(index % 3) {
        writeln!(text, "            {word}:\n              type: string\n              description: A word about it.")?;
    }
    writeln!(
        text,
        "            total_count:\n              type: integer\n              format: int32\n              description: \
         How many there are."
    )?;
    Ok(())
}
