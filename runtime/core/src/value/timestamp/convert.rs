//! Conversions to and from the types of date-time libraries, each behind a feature.

use super::{InvalidTimestamp, Timestamp};
#[cfg(any(feature = "chrono", feature = "time"))]
use super::{NANOS_PER_SECOND, SECONDS, layout::Layout};

/// Seconds and nanoseconds, or why there are none.
fn instant(timestamp: &Timestamp) -> Result<(i64, u32), InvalidTimestamp> {
    let layout = timestamp.layout().ok_or_else(|| InvalidTimestamp::new("the text is not an RFC 3339 timestamp"))?;
    Ok((layout.seconds(), layout.nanos()))
}

fn out_of_range(error: impl std::fmt::Display) -> InvalidTimestamp {
    InvalidTimestamp::new(format!("out of range: {error}"))
}

/// Local time at an offset; in UTC where the offset has seconds, which RFC 3339 cannot write.
#[cfg(any(feature = "chrono", feature = "time"))]
fn at_offset(seconds: i64, nanos: u32, offset_seconds: i32) -> Result<Timestamp, InvalidTimestamp> {
    let minutes = i16::try_from(offset_seconds / 60).ok().filter(|minutes| minutes.abs() < 24 * 60);
    match minutes {
        Some(minutes) if offset_seconds % 60 == 0 && offset_seconds != 0 => {
            // The local year is the one that is written.
            if nanos >= NANOS_PER_SECOND || !SECONDS.contains(&(seconds + i64::from(offset_seconds))) {
                return Err(out_of_range("the year is not one of 0000 to 9999"));
            }
            Ok(Timestamp::from_layout(Layout::at_offset(seconds, nanos, minutes)))
        }
        Some(_) | None => Timestamp::from_unix(seconds, nanos),
    }
}

/// Implements the conversion by value through the one by reference.
macro_rules! by_value {
    ($($target:ty),*) => {$(
        impl TryFrom<Timestamp> for $target {
            type Error = InvalidTimestamp;

            fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
                (&timestamp).try_into()
            }
        }
    )*};
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::{InvalidTimestamp, Timestamp, instant, out_of_range};

    impl TryFrom<&Timestamp> for ::jiff::Timestamp {
        type Error = InvalidTimestamp;

        fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
            let (seconds, nanos) = instant(timestamp)?;
            Self::new(seconds, nanos.try_into().map_err(out_of_range)?).map_err(out_of_range)
        }
    }

    by_value!(::jiff::Timestamp);

    impl TryFrom<::jiff::Timestamp> for Timestamp {
        type Error = InvalidTimestamp;

        fn try_from(instant: ::jiff::Timestamp) -> Result<Self, Self::Error> {
            let nanos = instant.as_nanosecond();
            let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(out_of_range)?;
            Self::from_unix(seconds, u32::try_from(nanos.rem_euclid(1_000_000_000)).map_err(out_of_range)?)
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use ::chrono::{DateTime, FixedOffset, Utc};

    use super::{InvalidTimestamp, Timestamp, at_offset, instant, out_of_range};

    impl TryFrom<&Timestamp> for DateTime<Utc> {
        type Error = InvalidTimestamp;

        fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
            let (seconds, nanos) = instant(timestamp)?;
            Self::from_timestamp(seconds, nanos).ok_or_else(|| out_of_range("not a date of chrono"))
        }
    }

    impl TryFrom<&Timestamp> for DateTime<FixedOffset> {
        type Error = InvalidTimestamp;

        fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
            let utc = DateTime::<Utc>::try_from(timestamp)?;
            let offset = i32::from(timestamp.offset_minutes().unwrap_or(0)) * 60;
            let offset = FixedOffset::east_opt(offset).ok_or_else(|| out_of_range("not an offset of chrono"))?;
            Ok(utc.with_timezone(&offset))
        }
    }

    by_value!(DateTime<Utc>, DateTime<FixedOffset>);

    impl TryFrom<DateTime<Utc>> for Timestamp {
        type Error = InvalidTimestamp;

        fn try_from(time: DateTime<Utc>) -> Result<Self, Self::Error> {
            Self::try_from(time.fixed_offset())
        }
    }

    impl TryFrom<DateTime<FixedOffset>> for Timestamp {
        type Error = InvalidTimestamp;

        fn try_from(time: DateTime<FixedOffset>) -> Result<Self, Self::Error> {
            // In a leap second chrono counts on.
            let nanos = time.timestamp_subsec_nanos();
            let seconds = time.timestamp() + i64::from(nanos / super::NANOS_PER_SECOND);
            at_offset(seconds, nanos % super::NANOS_PER_SECOND, time.offset().local_minus_utc())
        }
    }
}

#[cfg(feature = "time")]
mod time {
    use ::time::{OffsetDateTime, UtcOffset};

    use super::{InvalidTimestamp, Timestamp, at_offset, instant, out_of_range};

    impl TryFrom<&Timestamp> for OffsetDateTime {
        type Error = InvalidTimestamp;

        fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
            let (seconds, nanos) = instant(timestamp)?;
            let offset = i32::from(timestamp.offset_minutes().unwrap_or(0)) * 60;
            let offset = UtcOffset::from_whole_seconds(offset).map_err(out_of_range)?;
            let utc = Self::from_unix_timestamp(seconds).and_then(|utc| utc.replace_nanosecond(nanos));
            utc.map_err(out_of_range)?.checked_to_offset(offset).ok_or_else(|| out_of_range("not a date of time"))
        }
    }

    by_value!(OffsetDateTime);

    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = InvalidTimestamp;

        fn try_from(time: OffsetDateTime) -> Result<Self, Self::Error> {
            at_offset(time.unix_timestamp(), time.nanosecond(), time.offset().whole_seconds())
        }
    }
}

#[cfg(all(test, feature = "chrono", feature = "jiff", feature = "time"))]
mod tests {
    use ::chrono::{DateTime, FixedOffset, Utc};
    use ::time::OffsetDateTime;

    use super::*;

    #[test]
    fn instants_come_back() {
        for text in [
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "2025-01-02T03:04:05.270208768Z",
            "0000-01-01T00:00:00Z",
            "9999-12-30T00:00:00.000001Z",
        ] {
            let timestamp = Timestamp::parse(text).unwrap();
            let jiff = ::jiff::Timestamp::try_from(&timestamp).unwrap();
            assert_eq!(jiff.as_nanosecond(), timestamp.unix_nanos().unwrap());
            assert_eq!(Timestamp::try_from(jiff).unwrap(), timestamp);
            let chrono = DateTime::<Utc>::try_from(&timestamp).unwrap();
            assert_eq!(Timestamp::try_from(chrono).unwrap(), timestamp);
            let time = OffsetDateTime::try_from(timestamp.clone()).unwrap();
            assert_eq!(time.unix_timestamp_nanos(), timestamp.unix_nanos().unwrap());
            assert_eq!(Timestamp::try_from(time).unwrap(), timestamp);
        }
    }

    #[test]
    fn offsets_come_back() {
        for text in ["2025-01-02T05:04:05+02:00", "2025-01-01T21:34:05.500-05:30", "9999-12-31T23:00:00+23:00"] {
            let timestamp = Timestamp::parse(text).unwrap();
            let chrono = DateTime::<FixedOffset>::try_from(&timestamp).unwrap();
            assert_eq!(chrono.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true), text);
            assert_eq!(Timestamp::try_from(chrono).unwrap(), timestamp);
            let time = OffsetDateTime::try_from(&timestamp).unwrap();
            assert_eq!(Timestamp::try_from(time).unwrap(), timestamp);
        }
        let odd = FixedOffset::east_opt(30).unwrap();
        let time = DateTime::<Utc>::UNIX_EPOCH.with_timezone(&odd);
        assert_eq!(Timestamp::try_from(time).unwrap().to_string(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn what_has_no_instant_or_no_year_is_refused() {
        let text = Timestamp::from_text("soon");
        assert!(::jiff::Timestamp::try_from(&text).is_err());
        assert!(DateTime::<Utc>::try_from(&text).is_err());
        assert!(OffsetDateTime::try_from(&text).is_err());
        assert!(Timestamp::try_from(::jiff::Timestamp::MIN).is_err());
        assert!(Timestamp::try_from(DateTime::<Utc>::MAX_UTC).is_err());
        let late = Timestamp::from_text("9999-12-31T23:59:59-23:59");
        assert!(::jiff::Timestamp::try_from(&late).is_err());
        assert!(OffsetDateTime::try_from(&late).is_err_and(|error| error.to_string().contains("out of range")));
    }
}
