package transitionweb

import (
	"context"
	"strings"
	"time"

	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

func kindName(ctx context.Context, k transition.Kind) string {
	if k == transition.Leaders {
		return lang.T(ctx, "leaders")
	}
	return lang.T(ctx, "coaches")
}

func kindText(ctx context.Context, k transition.Kind) string {
	if k == transition.Leaders {
		return lang.T(ctx, "Each leader coaches one management team.")
	}
	return lang.T(ctx, "Each coach looks after a group at their own location.")
}

func statusName(ctx context.Context, s transition.Status) string {
	switch s {
	case transition.Nominated:
		return lang.T(ctx, "nominated")
	case transition.Invited:
		return lang.T(ctx, "invited")
	case transition.Accepted:
		return lang.T(ctx, "in formation")
	case transition.Active:
		return lang.T(ctx, "active")
	case transition.Declined:
		return lang.T(ctx, "declined")
	}
	return lang.T(ctx, "alumnus")
}

func dayText(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Format(time.DateOnly)
}

// anyOf joins values: "a, b or c".
func anyOf(ctx context.Context, values []string) string {
	if len(values) < 2 {
		return strings.Join(values, "")
	}
	last := len(values) - 1
	return lang.T(ctx, "%[1]s or %[2]s", strings.Join(values[:last], ", "), values[last])
}

// ruleText says a rule as a sentence.
func ruleText(ctx context.Context, r transition.Rule) string {
	var parts []string
	if len(r.Levels) > 0 {
		var names []string
		for _, l := range r.Levels {
			names = append(names, lang.T(ctx, l.Name()))
		}
		parts = append(parts, lang.T(ctx, "whose level is %s", anyOf(ctx, names)))
	}
	if r.Team {
		parts = append(parts, lang.T(ctx, "who is on a management team"))
	}
	if r.Unit != "" {
		parts = append(parts, lang.T(ctx, "who works in %s or under it", r.UnitName))
	}
	if len(r.Countries) > 0 {
		parts = append(parts, lang.T(ctx, "who works in %s", anyOf(ctx, r.Countries)))
	}
	if len(r.Partners) > 0 {
		parts = append(parts, lang.T(ctx, "who works for %s", anyOf(ctx, r.Partners)))
	}
	for _, t := range r.Attributes {
		parts = append(parts, lang.T(ctx, "whose %[1]s is %[2]s", t.Name, anyOf(ctx, t.Values)))
	}
	if r.Months > 0 {
		parts = append(parts, lang.N(ctx, r.Months, "who has worked here for at least a month", "who has worked here for at least %d months"))
	}
	switch len(parts) {
	case 0:
		return lang.T(ctx, "Anybody can be nominated.")
	case 1:
		return lang.T(ctx, "Anybody %s can be nominated.", parts[0])
	}
	last := len(parts) - 1
	return lang.T(ctx, "Anybody %[1]s and %[2]s can be nominated.", strings.Join(parts[:last], ", "), parts[last])
}

func foundText(ctx context.Context, n int) string {
	return lang.N(ctx, n, "Today that is one person.", "Today these are %d people.")
}

func everyText(ctx context.Context, months int) string {
	if months == transition.Quarter {
		return lang.T(ctx, "a session each quarter")
	}
	return lang.N(ctx, months, "a session each month", "a session every %d months")
}

func peopleText(ctx context.Context, n int) string {
	return lang.N(ctx, n, "one person", "%d people")
}

func whyText(ctx context.Context, w transition.Why) string {
	switch w {
	case transition.WhyAgain:
		return lang.T(ctx, "A coach there has no group yet: plan again.")
	case transition.WhyForms:
		return lang.T(ctx, "The coach is in formation.")
	case transition.WhyInvited:
		return lang.T(ctx, "Somebody there is invited and has not answered.")
	case transition.WhyNominated:
		return lang.T(ctx, "Somebody there is nominated and not invited yet.")
	case transition.WhyCandidate:
		return lang.T(ctx, "Somebody there could be nominated.")
	case transition.WhyDeclined:
		return lang.T(ctx, "Who was asked there has declined.")
	case transition.WhyRoom:
		return lang.T(ctx, "The coaches there have no room for more.")
	}
	return lang.T(ctx, "Nobody there meets the rule of the programme.")
}

// nextText says what to do about a location's gap.
func nextText(ctx context.Context, s transition.Site) string {
	switch {
	case s.Missing() == 0:
		return lang.T(ctx, "Wait for who is in formation")
	case s.Invited > 0:
		return lang.N(ctx, s.Invited, "Ask the one who is invited", "Ask the %d who are invited")
	case s.Nominated > 0:
		return lang.N(ctx, s.Nominated, "Invite the one who is nominated", "Invite the %d who are nominated")
	case s.Candidates > 0:
		return lang.N(ctx, s.Candidates, "Ask for the nomination of the one candidate", "Ask for nominations: %d candidates")
	case s.Declined > 0:
		return lang.N(ctx, s.Declined, "Speak with the one who declined, or agree on a loan", "Speak with the %d who declined, or agree on a loan")
	}
	return lang.T(ctx, "Nobody there meets the rule: widen it, or agree on a loan")
}

func siteName(ctx context.Context, name string) string {
	if name == "" {
		return lang.T(ctx, "no location stated")
	}
	return name
}

func troubleText(ctx context.Context, t transitiondb.Trouble) string {
	if t.Doubt {
		return lang.T(ctx, "nobody knows whether the mail left: ask, or invite again")
	}
	return lang.T(ctx, "the mail server refused the mail: %s", t.Reason)
}

// withinText says how many can be nominated, in all or of the own part.
func withinText(ctx context.Context, n int, whole bool) string {
	if whole {
		return foundText(ctx, n)
	}
	return lang.N(ctx, n, "Of your units that is one person.", "Of your units these are %d people.")
}

// nextIfMissing says what to do where somebody is missing.
func nextIfMissing(ctx context.Context, s transition.Site) string {
	if s.Gap() == 0 {
		return ""
	}
	return nextText(ctx, s) + "."
}

func nameOf(r org.Ref) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Key
}
