package transitionweb

import (
	"context"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/transition"
)

// soonDays is how many days before a session its people should have been invited.
const soonDays = 21

// todo is something in a programme that waits for whoever leads it.
type todo struct{ Text, Path string }

// waits says on a card what of a programme waits for whoever leads it.
func (p *Pages) waits(ctx context.Context, organisation string, one transition.Programme, card *web.Card) error {
	members, err := p.Store.Members(ctx, organisation, one.ID)
	if err != nil {
		return err
	}
	all, err := p.todos(ctx, organisation, one, members)
	if len(all) == 0 {
		return err
	}
	card.Text, card.Now = all[0].Text+".", web.Waits
	if more := len(all) - 1; more > 0 {
		card.Text += " " + lang.N(ctx, more, "One more thing waits.", "%d more things wait.")
	}
	return err
}

// todos lists what waits in a programme that goes on, in the order in which people come to take
// part and then work.
func (p *Pages) todos(ctx context.Context, organisation string, one transition.Programme, members []transition.Member) (all []todo, err error) {
	path := "/programmes/" + one.ID
	add := func(n int, to, text string) {
		if n > 0 {
			all = append(all, todo{text, path + to})
		}
	}
	var nominated, unanswered, left, unplaced int
	for _, m := range members {
		switch in := m.Status == transition.Active || m.Status == transition.Accepted; {
		case m.Left && in:
			left++
		case m.Left:
		case m.Status == transition.Nominated:
			nominated++
		case p.Store.Unanswered(m):
			unanswered++
		case one.Kind == transition.Leaders && m.Coaches() && m.Team.ID == "":
			unplaced++
		}
	}
	troubles, err := p.Store.Troubles(ctx, organisation, one.ID)
	if err != nil {
		return nil, err
	}
	add(nominated, "/people", lang.N(ctx, nominated, "One person is nominated and not invited yet", "%d people are nominated and not invited yet"))
	refused := 0
	for _, m := range members {
		if _, trouble := troubles[m.ID]; trouble && m.Status == transition.Invited {
			refused++
		}
	}
	add(refused, "/people", lang.N(ctx, refused, "One invitation did not arrive", "%d invitations did not arrive"))
	add(unanswered, "/people", lang.N(ctx, unanswered, "One person has not answered the invitation", "%d people have not answered the invitation"))
	add(left, "/people", lang.N(ctx, left, "One person has left and is still in it", "%d people have left and are still in it"))
	add(unplaced, "/people", lang.N(ctx, unplaced, "One leader has no management team yet", "%d leaders have no management team yet"))
	if err := p.sessionTodos(ctx, organisation, one, add); err != nil {
		return nil, err
	}
	records, err := p.Store.Records(ctx, organisation, one.ID)
	if err != nil {
		return nil, err
	}
	waiting := 0
	for _, r := range records {
		waiting += len(r.Waiting())
	}
	add(waiting, "/expertise", lang.N(ctx, waiting, "One entry of somebody's record waits to be confirmed", "%d entries of records wait to be confirmed"))
	acting, err := p.Store.Acting(ctx, organisation, one.ID, true)
	if err != nil {
		return nil, err
	}
	today, err := p.today(ctx, organisation)
	if err != nil {
		return nil, err
	}
	late, ownerless := 0, 0
	for _, body := range acting {
		for _, a := range body.Actions {
			switch {
			case a.Needs(today) == transition.NeedsOwner:
				ownerless++
			case a.Late(today) > 0:
				late++
			}
		}
	}
	add(ownerless, "/focus", lang.N(ctx, ownerless, "One action needs another owner", "%d actions need another owner"))
	add(late, "/focus", lang.N(ctx, late, "One action is late", "%d actions are late"))
	return all, nil
}

func (p *Pages) sessionTodos(ctx context.Context, organisation string, one transition.Programme, add func(n int, to, text string)) error {
	sessions, err := p.Store.Sessions(ctx, organisation, one.ID)
	if err != nil {
		return err
	}
	now, open, coming, held, uninvited := p.Store.Clock("UTC"), 0, 0, 0, 0
	for _, s := range sessions {
		switch {
		case s.Cancelled || s.Of != "":
		case !s.Held.IsZero():
			if s.Kind == transition.Meeting {
				held++
			}
		case s.Over(now):
			open++
		case s.Kind == transition.Meeting:
			if coming++; s.Told == 0 && s.Starts.Before(now.AddDate(0, 0, soonDays)) {
				uninvited++
			}
		}
	}
	add(open, "/sessions", lang.N(ctx, open, "Of one session it is not noted who came", "Of %d sessions it is not noted who came"))
	if coming == 0 {
		add(1, "/sessions/new", lang.T(ctx, "No session is planned"))
	}
	if p.Mails {
		add(uninvited, "/sessions", lang.N(ctx, uninvited, "To one session within three weeks nobody is invited", "To %d sessions within three weeks nobody is invited"))
	}
	if held == 0 {
		return nil
	}
	without, err := p.Store.Without(ctx, organisation, one.ID)
	add(len(without), "/sessions", lang.N(ctx, len(without), "One person has no supporting arrangement yet", "%d people have no supporting arrangement yet"))
	return err
}
