//! Dates of the Gregorian calendar as days after 1970-01-01, by arithmetic on eras of 400 years that begin in March.

const DAYS_PER_ERA: u32 = 146_097;
/// Days from March 1 of the year -400 to 1970-01-01: one era more than is needed, so that January of the year 0 is in no
/// negative year.
const DAYS_TO_1970: i64 = 719_468 + DAYS_PER_ERA as i64;

/// The day of a date, which must exist.
pub(super) fn day_of(year: u32, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year + 399 } else { year + 400 };
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = if month <= 2 { month + 9 } else { month - 3 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i64::from(era * DAYS_PER_ERA + day_of_era) - DAYS_TO_1970
}

/// Year, month and day of a day in the years 0000 to 9999.
pub(super) fn date_of(day: i64) -> (u32, u32, u32) {
    let day = u32::try_from(day + DAYS_TO_1970).unwrap_or_default();
    let (era, day_of_era) = (day / DAYS_PER_ERA, day % DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = (era * 400 + year_of_era + u32::from(month <= 2)).saturating_sub(400);
    (year, month, day_of_month)
}

/// How many days a month has; none if there is no such month.
pub(super) const fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}
