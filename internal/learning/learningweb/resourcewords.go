package learningweb

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/sheet"
	"throughline/internal/learning"
)

func providerText(ctx context.Context, r learning.Resource) string {
	switch {
	case r.Provider != "":
		return r.Provider
	case r.External:
		return lang.T(ctx, "somebody outside")
	}
	return lang.T(ctx, "ourselves")
}

func stateText(ctx context.Context, s learning.State) string {
	switch s {
	case learning.Asked:
		return lang.T(ctx, "waits for the manager's yes")
	case learning.Refused:
		return lang.T(ctx, "the manager said no")
	case learning.Waiting:
		return lang.T(ctx, "waits for a place")
	case learning.Placed:
		return lang.T(ctx, "has a place")
	case learning.Completed:
		return lang.T(ctx, "completed")
	case learning.NotDone:
		return lang.T(ctx, "not completed")
	}
	return lang.T(ctx, "taken back")
}

// hoursText is minutes as hours.
func hoursText(ctx context.Context, minutes int) string {
	if minutes%60 == 0 {
		return lang.N(ctx, minutes/60, "one hour", "%d hours")
	}
	return lang.T(ctx, "%.1f hours", float64(minutes)/60)
}

// hoursTyped is minutes as somebody types hours.
func hoursTyped(minutes int) string {
	return strconv.FormatFloat(math.Round(float64(minutes)/60*100)/100, 'f', -1, 64)
}

// minutesTyped reads hours, with a point or a comma; nothing is 0.
func minutesTyped(typed string) (int, error) {
	if strings.TrimSpace(typed) == "" {
		return 0, nil
	}
	hours, err := sheet.ParseDecimal(typed, sheet.Unknown)
	if err != nil || hours < 0 || hours > 365*24 {
		return 0, fault.Fieldf("hours", "%q is no number of hours: write it as 4 or 1.5", typed)
	}
	return int(math.Round(hours * 60)), nil
}

// countTyped reads a whole number; nothing is 0.
func countTyped(typed, field string) (int, error) {
	if strings.TrimSpace(typed) == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil || n < 0 {
		return 0, fault.Fieldf(field, "%q is no whole number", strings.TrimSpace(typed))
	}
	return n, nil
}

// toTick are the resources among which somebody chooses: all that are chosen, and as many others as a form holds.
func toTick(all []learning.Resource, chosen []string) []learning.Resource {
	rest := 0
	return slices.DeleteFunc(slices.Clone(all), func(r learning.Resource) bool {
		if slices.Contains(chosen, r.ID) {
			return false
		}
		rest++
		return rest > mostListed
	})
}
