package transitionweb

import (
	"context"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/lang"
	"throughline/internal/transition"
)

// sessionName is what a session is called.
func sessionName(ctx context.Context, s transition.Session) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Kind == transition.Meeting && s.First:
		return lang.T(ctx, "First session: %s", s.Theme)
	case s.Kind == transition.Meeting:
		return lang.T(ctx, "Session: %s", s.Theme)
	}
	return kindOfSession(ctx, s.Kind)
}

// kindOfSession is what people come together for.
func kindOfSession(ctx context.Context, k transition.SessionKind) string {
	switch k {
	case transition.Buddies:
		return lang.T(ctx, "Buddy pair")
	case transition.Consultation:
		return lang.T(ctx, "Peer consultation")
	case transition.Visit:
		return lang.T(ctx, "Visit")
	case transition.Shadowing:
		return lang.T(ctx, "Shadowing")
	case transition.Workshop:
		return lang.T(ctx, "Workshop on a skill of the role")
	}
	return lang.T(ctx, "Session")
}

// whenCell is the same in a table.
func whenCell(s transition.Session) string {
	return s.Starts.Format("2006-01-02 15:04") + "–" + s.Ends().Format("15:04")
}

// roleName is what a part of a role is called.
func roleName(ctx context.Context, r transition.RolePart) string {
	switch r {
	case transition.KeepFocus:
		return lang.T(ctx, "keeping a management team on its focus")
	case transition.KnowThemes:
		return lang.T(ctx, "being an expert on the themes")
	case transition.ShareLearned:
		return lang.T(ctx, "sharing what was learned")
	case transition.RunDiagnosis:
		return lang.T(ctx, "running the next diagnosis")
	case transition.LinkProblems:
		return lang.T(ctx, "linking problems of the day to the framework")
	case transition.SpreadWorks:
		return lang.T(ctx, "spreading what works")
	case transition.LookAfter:
		return lang.T(ctx, "looking after your group")
	}
	return ""
}

// when is the day and the time of a session.
func when(ctx context.Context, s transition.Session) string {
	return lang.Weekday(ctx, s.Starts) + ", " + s.Starts.Format("15:04") + "–" + s.Ends().Format("15:04")
}

// partName is what a kind of part is called in a form.
func partName(ctx context.Context, k transition.PartKind) string {
	switch k {
	case transition.TheFramework:
		return lang.T(ctx, "The framework")
	case transition.LookAtOneself:
		return lang.T(ctx, "Looking at yourself")
	case transition.MeetTheGroup:
		return lang.T(ctx, "Getting to know the group")
	case transition.OwnRole:
		return lang.T(ctx, "Your role and what is to come of it")
	case transition.KeepGoing:
		return lang.T(ctx, "What helps you keep going")
	case transition.InDetail:
		return lang.T(ctx, "The focal point in detail")
	case transition.Situations:
		return lang.T(ctx, "Practical situations")
	case transition.Reflecting:
		return lang.T(ctx, "Looking back")
	case transition.Commitments:
		return lang.T(ctx, "Commitments")
	}
	return lang.T(ctx, "Something else")
}

// shownPart is a part of an agenda as it is read: what nobody has written anew comes from its
// kind, the focal point and what is known of its characteristics.
type shownPart struct {
	transition.AgendaPart
	Title, Text string
	From        string // when it begins
}

func shownAgenda(ctx context.Context, s transition.Session, focal diagnosis.FocalPoint, known []diagnosis.Knowledge) (parts []shownPart) {
	at := s.Starts
	for _, p := range s.Agenda {
		one := shownPart{p, p.Title, p.Text, at.Format("15:04")}
		if one.Title == "" {
			one.Title = partName(ctx, p.Kind)
		}
		if one.Text == "" {
			one.Text = partText(ctx, p.Kind, focal.Theme, known)
		}
		parts = append(parts, one)
		at = at.Add(time.Duration(p.Minutes) * time.Minute)
	}
	return parts
}

// partText says how a part goes, with the focal point that it carries.
func partText(ctx context.Context, k transition.PartKind, theme string, known []diagnosis.Knowledge) string {
	question := func(n int) string {
		if len(known) == 0 || len(known[n%len(known)].Questions) == 0 {
			return ""
		}
		all := known[n%len(known)].Questions
		return all[n%len(all)]
	}
	meaning := ""
	if len(known) > 0 {
		meaning = known[0].Meaning
	}
	both := func(a, b string) string { return strings.TrimSpace(a + " " + b) }
	switch k {
	case transition.TheFramework:
		return both(lang.T(ctx, "What a high-performance organisation is: five factors, and where '%s' stands in them.", theme), meaning)
	case transition.LookAtOneself:
		return both(lang.T(ctx, "Each for themselves, on '%s'; private, unless you share it.", theme), question(0))
	case transition.MeetTheGroup:
		return both(lang.T(ctx, "In pairs, then around the table, on '%s'.", theme), question(1))
	case transition.OwnRole:
		return lang.T(ctx, "What is your role in '%s', and what will people notice by the next session? Write both down in a sentence.", theme)
	case transition.KeepGoing:
		return lang.T(ctx, "A buddy, a visit, somebody to shadow, a workshop: choose what helps you with '%s', and bring a first practical situation.", theme)
	case transition.InDetail:
		if len(known) == 0 {
			return lang.T(ctx, "What one sees where '%s' is strong, and where it is weak.", theme)
		}
		return lang.T(ctx, "What one sees where '%s' is strong, and where it is weak.", theme) + "\n" + lang.T(ctx, "Strong: %s", known[0].Strong) + "\n" + lang.T(ctx, "Weak: %s", known[0].Weak)
	case transition.Situations:
		text := lang.T(ctx, "Each brings a situation on '%s': the problem, what was tried, what came of it.", theme)
		if len(known) > 0 && len(known[0].Exercises) > 0 {
			text = both(text, lang.T(ctx, "Or the exercise '%s'.", known[0].Exercises[0].Name))
		}
		return text
	case transition.Reflecting:
		return both(lang.T(ctx, "What have you done differently on '%s' since the last time?", theme), question(2))
	case transition.Commitments:
		return lang.T(ctx, "What does each take upon themselves on '%s' until the next session, and until when?", theme)
	}
	return theme
}

// hours writes minutes as hours.
func hours(ctx context.Context, minutes int) string {
	return lang.T(ctx, "%s hours", lang.T(ctx, "%.1f", float64(minutes)/60))
}
