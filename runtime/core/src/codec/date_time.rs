//! [`Decode`] and [`Encode`] for types of date-time libraries, each behind the feature of its name.
//!
//! They are for those who would rather have such a type than [`Timestamp`] and can do with an instant: a text that is not
//! RFC 3339 does not decode, and what is written need not be the text that was read.

use crate::{Decode, Encode, Sink, SinkError, Source, SourceError, Timestamp};

macro_rules! through_timestamp {
    ($($(#[$docs:meta])* $type:ty),*) => {$(
        $(#[$docs])*
        impl Decode for $type {
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                Self::try_from(Timestamp::decode(source)?).map_err(S::Error::custom)
            }
        }

        impl Encode for $type {
            fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
                Timestamp::try_from(*self).map_err(S::Error::custom)?.encode(sink)
            }
        }
    )*};
}

#[cfg(feature = "jiff")]
through_timestamp!(
    /// An instant; the offset and the number of fraction digits of the text are lost.
    jiff::Timestamp
);

#[cfg(feature = "chrono")]
through_timestamp!(
    /// The number of fraction digits of the text is lost.
    chrono::DateTime<chrono::FixedOffset>,
    /// An instant; the offset and the number of fraction digits of the text are lost.
    chrono::DateTime<chrono::Utc>
);

#[cfg(feature = "time")]
through_timestamp!(
    /// The number of fraction digits of the text is lost.
    time::OffsetDateTime
);

#[cfg(test)]
#[cfg(all(feature = "chrono", feature = "jiff", feature = "time"))]
mod tests {
    use crate::{Decode, Encode, from_json, to_json};

    fn back<T: Decode + Encode>(text: &str) -> String {
        to_json(&from_json::<T>(&format!("{text:?}")).unwrap()).unwrap()
    }

    #[test]
    fn instants_come_back() {
        for (text, offset, instant) in [
            ("2024-02-29T12:30:00Z", "2024-02-29T12:30:00Z", "2024-02-29T12:30:00Z"),
            ("2024-02-29T12:30:00.5400Z", "2024-02-29T12:30:00.540Z", "2024-02-29T12:30:00.540Z"),
            ("2024-02-29T12:30:00+02:00", "2024-02-29T12:30:00+02:00", "2024-02-29T10:30:00Z"),
        ] {
            let (offset, instant) = (format!("{offset:?}"), format!("{instant:?}"));
            assert_eq!(back::<chrono::DateTime<chrono::FixedOffset>>(text), offset, "{text}");
            assert_eq!(back::<time::OffsetDateTime>(text), offset, "{text}");
            assert_eq!(back::<chrono::DateTime<chrono::Utc>>(text), instant, "{text}");
            assert_eq!(back::<jiff::Timestamp>(text), instant, "{text}");
        }
    }

    #[test]
    fn other_texts_do_not_decode() {
        let error = from_json::<Vec<jiff::Timestamp>>(r#"["soon"]"#).unwrap_err();
        assert_eq!(error.path(), "[0]");
        assert!(error.cause().contains("RFC 3339"), "{error}");
        assert!(from_json::<chrono::DateTime<chrono::Utc>>("1").is_err());
        assert!(from_json::<time::OffsetDateTime>(r#""2024-02-30T00:00:00Z""#).is_err());
    }
}
