package transitionweb

import (
	"context"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/transition"
)

// bodyPath is the page of a management team or group.
func bodyPath(b transition.Body) string {
	if b.Kind == transition.TeamBody {
		return "/teams/" + b.ID
	}
	return "/groups/" + b.ID
}

// readHours reads hours that somebody has written, with a point or a comma, into minutes.
func readHours(text string) (minutes int, err error) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	if text == "" {
		return 0, nil
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || !(hours >= 0 && hours <= 8760) {
		return 0, fault.Fieldf("hours", "%q is no number of hours: write it as 3 or 1.5, at most as many as a year has", text)
	}
	return int(hours*60 + 0.5), nil
}

func paceText(ctx context.Context, p transition.Pace) string {
	switch p {
	case transition.OnTrack:
		return lang.T(ctx, "It goes as planned")
	case transition.Slower:
		return lang.T(ctx, "It goes slower")
	case transition.Stuck:
		return lang.T(ctx, "It is stuck")
	}
	return ""
}

// saidText says what a check-in was.
func saidText(ctx context.Context, a transition.Action, c transition.CheckIn) string {
	switch c.Pace {
	case transition.Moved:
		return lang.T(ctx, "Moved to %s", string(c.Due))
	case transition.Done:
		if c.Day == a.Ended && a.State == transition.ActionDone {
			return lang.T(ctx, "Done: %s", outcomeName(ctx, a.Outcome))
		}
		return lang.T(ctx, "Done")
	case transition.Stopped:
		return lang.T(ctx, "Stopped")
	case transition.Resumed:
		return lang.T(ctx, "Opened again")
	}
	return paceText(ctx, c.Pace)
}

// dueText says how an open action stands to its day.
func dueText(ctx context.Context, a transition.Action, today period.Day) string {
	switch late := a.Late(today); {
	case !a.Open() && a.State == transition.ActionStopped:
		return lang.T(ctx, "stopped on %s", string(a.Ended))
	case !a.Open():
		return lang.T(ctx, "done on %s", string(a.Ended))
	case late > 0:
		return lang.N(ctx, late, "a day late", "%d days late")
	case late == 0:
		return lang.T(ctx, "due today")
	}
	return lang.T(ctx, "due on %s", string(a.Due))
}

// needsText says in a few words what an action needs.
func needsText(ctx context.Context, a transition.Action, today period.Day) string {
	switch a.Needs(today) {
	case transition.NeedsOwner:
		return lang.T(ctx, "%s has left: it needs another owner", a.Owner.Name)
	case transition.NeedsHelp:
		return lang.T(ctx, "stuck")
	case transition.NeedsWord:
		return lang.T(ctx, "nothing heard since %s", string(a.Last()))
	}
	return ""
}

// askText is what to ask next.
func askText(ctx context.Context, a transition.Ask) string {
	switch a.Needs {
	case transition.AskOff:
		return lang.T(ctx, "%[1]d of %[2]d open actions serve no focal point: which of them can wait?", a.N, a.Of)
	case transition.AskNothing:
		return lang.T(ctx, "Nothing is being done about '%s': what will you do?", a.Focus.Theme)
	case transition.NeedsOwner:
		return lang.T(ctx, "%[1]s has left: who takes over '%[2]s'?", a.Action.Owner.Name, a.Action.What)
	case transition.NeedsHelp:
		return lang.T(ctx, "%[1]s: '%[2]s' is stuck. What would get it going again?", a.Action.Owner.Name, a.Action.What)
	case transition.NeedsEnd:
		return lang.T(ctx, "%[1]s: '%[2]s' was due on %[3]s. What is in the way?", a.Action.Owner.Name, a.Action.What, string(a.Action.Due))
	}
	return lang.T(ctx, "%[1]s: nothing was heard of '%[2]s' since %[3]s. How does it go?", a.Action.Owner.Name, a.Action.What, string(a.Action.Last()))
}

// tieText says what an action serves.
func tieText(ctx context.Context, t themes, a transition.Action) string {
	if a.Focal == "" {
		return lang.T(ctx, "off focus")
	}
	return a.Theme + " · " + t.name(a.Item)
}

// agesText says how open actions stand to their days.
func agesText(ctx context.Context, g transition.Ages) string {
	if g.Open == 0 {
		return ""
	}
	text := lang.N(ctx, g.Open, "one open", "%d open")
	for _, part := range []struct {
		n    int
		text string
	}{{g.Late + g.Old, lang.T(ctx, "%d late", g.Late+g.Old)}, {g.Soon, lang.T(ctx, "%d due within a fortnight", g.Soon)}, {g.Silent, lang.T(ctx, "%d not heard of for a month", g.Silent)}} {
		if part.n > 0 {
			text += " · " + part.text
		}
	}
	return text
}

// costsText lists costs.
func costsText(ctx context.Context, all []effort.Cost) string {
	var parts []string
	for _, c := range all {
		parts = append(parts, lang.Money(ctx, c.Amount, effort.Digits(c.Currency), c.Currency)+" ("+lang.T(ctx, c.Kind.Name())+")")
	}
	return strings.Join(parts, ", ")
}

func initiativeName(all []effort.Initiative, id string) string {
	for _, i := range all {
		if i.ID == id {
			return i.Name
		}
	}
	return ""
}

// faultField is the field of a form at which a mistake stands.
func faultField(err error) string {
	if one := fault.Of(err); one != nil {
		return one.Field
	}
	return ""
}
