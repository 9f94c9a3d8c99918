package lang

import (
	"context"
	"fmt"
	"time"
)

// Day writes a date in words: "3 December 2026".
func Day(ctx context.Context, t time.Time) string {
	return T(ctx, "%[1]d %[2]s %[3]s", t.Day(), Month(ctx, t.Month()), fmt.Sprint(t.Year()))
}

// Weekday writes a date with the day of its week: "Thursday 3 December 2026".
func Weekday(ctx context.Context, t time.Time) string {
	name := [...]string{T(ctx, "Sunday"), T(ctx, "Monday"), T(ctx, "Tuesday"), T(ctx, "Wednesday"), T(ctx, "Thursday"), T(ctx, "Friday"), T(ctx, "Saturday")}[t.Weekday()]
	return name + " " + Day(ctx, t)
}

// Month is the name of a month.
func Month(ctx context.Context, m time.Month) string {
	return [...]string{"", T(ctx, "January"), T(ctx, "February"), T(ctx, "March"), T(ctx, "April"),
		T(ctx, "May"), T(ctx, "June"), T(ctx, "July"), T(ctx, "August"), T(ctx, "September"),
		T(ctx, "October"), T(ctx, "November"), T(ctx, "December")}[m]
}

// ShortMonth is the name of a month in three letters.
func ShortMonth(ctx context.Context, m time.Month) string {
	return [...]string{"", T(ctx, "Jan"), T(ctx, "Feb"), T(ctx, "Mar"), T(ctx, "Apr"), T(ctx, "May"), T(ctx, "Jun"),
		T(ctx, "Jul"), T(ctx, "Aug"), T(ctx, "Sep"), T(ctx, "Oct"), T(ctx, "Nov"), T(ctx, "Dec")}[m]
}
