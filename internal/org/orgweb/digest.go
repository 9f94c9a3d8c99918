package orgweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// cards are those of all areas for an actor: what is late first, then what waits, then ways in.
func (p *Pages) cards(ctx context.Context, actor org.Actor) (all []web.Card, err error) {
	if p.Permits.May(actor, org.ImportRoster, org.Place{}) {
		if all, err = p.rosterCard(ctx, actor); err != nil {
			return nil, err
		}
	}
	for _, f := range p.Cards {
		more, err := f(ctx, actor)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	if web.From[web.Frame](ctx).Simulated {
		stops, err := p.Tour(ctx, actor)
		if err != nil {
			return nil, err
		}
		if len(stops) > 0 {
			all = append([]web.Card{{Heading: lang.T(ctx, "The tour"), Text: lang.N(ctx, len(stops), "One stop.", "%d stops, from the first diagnosis to what became of what was promised."), Path: "/tour", Action: lang.T(ctx, "Look")}}, all...)
		}
	}
	slices.SortStableFunc(all, func(a, b web.Card) int { return cmp.Compare(b.Now, a.Now) })
	return all, nil
}

// rosterCard asks for the first roster.
func (p *Pages) rosterCard(ctx context.Context, actor org.Actor) ([]web.Card, error) {
	imports, err := p.Store.RosterImports(ctx, actor.Organisation)
	if err != nil || len(imports) > 0 {
		return nil, err
	}
	return []web.Card{{Heading: lang.T(ctx, "The first roster"), Text: lang.T(ctx, "A roster says who works where. Everything else begins with it."), Path: "/roster", Action: lang.T(ctx, "Import a roster"), Now: web.Waits, Unmailed: true}}, nil
}

// needs are the cards that need somebody now.
func needs(cards []web.Card) []web.Card {
	n := slices.IndexFunc(cards, func(c web.Card) bool { return c.Now == web.WayIn })
	if n < 0 {
		return cards
	}
	return cards[:n]
}

// Digest writes the weekly mail to somebody, in their language: what needs them now. False where nothing does.
func (p *Pages) Digest(ctx context.Context, d orgdb.Digest) (l mail.Letter, waits bool, err error) {
	actor, err := p.Store.Actor(ctx, d.Organisation.ID, d.Account)
	if err != nil {
		return l, false, err
	}
	account, err := p.Store.Account(ctx, d.Organisation.ID, d.Account)
	if err != nil {
		return l, false, err
	}
	ctx = web.With(lang.With(ctx, lang.Match(cmp.Or(actor.Language, d.Organisation.Language))), actor)
	cards, err := p.cards(ctx, actor)
	if err != nil {
		return l, false, err
	}
	cards = slices.DeleteFunc(needs(cards), func(c web.Card) bool { return c.Unmailed })
	if len(cards) == 0 {
		return l, false, nil
	}
	subject := lang.N(ctx, len(cards), "One thing waits for you.", "%d things wait for you.")
	var b strings.Builder
	b.WriteString(lang.T(ctx, "Dear %s,", actor.Name) + "\n\n" + subject + "\n\n")
	for _, c := range cards {
		b.WriteString("- " + strings.TrimSuffix(c.Heading, ".") + ". " + c.Text + "\n  " + p.Public + c.Path + "\n")
	}
	ends := p.Public + "/digest/" + d.Secret
	b.WriteString("\n" + lang.T(ctx, "You get this mail once a week, and only where something waits. To get none:") + "\n" + ends + "\n")
	return mail.Letter{To: account.Mail, Subject: d.Organisation.Name + ": " + subject, Text: b.String(), Ends: ends}, true, nil
}

// digested is the page that the link in a weekly mail opens: it ends them, or begins them again.
func (p *Pages) digested(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Store.DigestedBy(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	frame := web.Frame{Organisation: v.Organisation.Name, Simulated: v.Organisation.Simulated}
	return web.Page(w, r.WithContext(web.With(r.Context(), frame)), http.StatusOK, digestedPage(v, r.PathValue("secret")))
}

// endDigest takes a click on that page, and the one click of a mail program (RFC 8058).
func (p *Pages) endDigest(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Store.DigestedBy(r.Context(), r.PathValue("secret"))
	if err == nil {
		err = p.Store.SetDigest(r.Context(), v.Organisation.ID, v.Account, r.FormValue("do") == "on")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/digest/"+r.PathValue("secret"))
}

// setDigest does the same on the own account's page.
func (p *Pages) setDigest(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	do := r.FormValue("do")
	if do != "on" && do != "off" {
		return fault.Invalidf("say whether you want the weekly mail: on or off")
	}
	if err := p.Store.SetDigest(r.Context(), actor.Organisation, actor.Account, do == "on"); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/account")
}
