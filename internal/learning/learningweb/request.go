package learningweb

import (
	"context"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// ask asks for a resource for the reader.
func (p *Pages) ask(ctx context.Context, actor org.Actor, resource string, typed requestTyped) error {
	self, err := p.Org.Self(ctx, actor)
	if err != nil {
		return err
	}
	return p.Store.Ask(ctx, actor.Organisation, learning.Request{Person: org.Ref{ID: self.ID}, Resource: resource, Offering: typed.Offering, Needed: period.Day(typed.Needed), Why: typed.Why, By: actor.Name}, org.ThePerson)
}

// requestList is the page of what the reader and those who report to the reader have asked for.
type requestList struct {
	Own    []learningdb.RequestView
	People []learningdb.RequestView // open ones
	Self   bool
	At     string // id of the request to which a mistake belongs
	Err    error
}

func (p *Pages) requests(w http.ResponseWriter, r *http.Request) error {
	return p.showRequests(w, r, requestList{})
}

func (p *Pages) showRequests(w http.ResponseWriter, r *http.Request, l requestList) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	self, err := p.Org.Self(ctx, actor)
	if fault.KindOf(err) == fault.NotFound {
		return web.Page(w, r, http.StatusOK, nobodyPage())
	}
	if err != nil {
		return err
	}
	l.Self = true
	if l.Own, err = p.Store.RequestsOf(ctx, actor.Organisation, self.ID); err != nil {
		return err
	}
	if l.People, err = p.Store.RequestsOfPeople(ctx, actor.Organisation, actor.Person); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(l.Err), requestsPage(l))
}

// requestFor is a request of the reader or of somebody who reports to the reader, and which of the two the reader is.
func (p *Pages) requestFor(ctx context.Context, id string) (q learning.Request, side org.Side, err error) {
	actor := web.From[org.Actor](ctx)
	if q, err = p.Store.Request(ctx, actor.Organisation, id); err != nil {
		return q, "", err
	}
	_, side, err = p.Org.Side(ctx, actor, q.Person.ID)
	if err == nil && side == "" || fault.KindOf(err) == fault.NotFound {
		err = fault.NotFoundf("there is no such request")
	}
	return q, side, err
}

// changeRequest decides, withdraws or finishes a request, for the person or the line manager.
func (p *Pages) changeRequest(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, id := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("request")
	_, side, err := p.requestFor(ctx, id)
	if err != nil {
		return err
	}
	switch do, o := r.FormValue("do"), actor.Organisation; {
	case (do == "yes" || do == "no") && side == org.TheManager:
		err = p.Store.Decide(ctx, o, id, do == "yes", r.FormValue("answer"), actor.Name)
	case do == "withdraw":
		err = p.Store.Withdraw(ctx, o, id)
	case do == "completed" || do == "given-up":
		minutes := 0
		if minutes, err = minutesTyped(r.FormValue("hours")); err == nil {
			err = p.Store.Finish(ctx, o, id, do == "completed", minutes, r.FormValue("result"), actor.Name)
		}
	}
	if web.Retry(err) {
		return p.showRequests(w, r, requestList{At: id, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/requests")
}

// waits counts the requests that wait for the reader's yes.
func (l requestList) waits() (n int) {
	for _, q := range l.People {
		if q.State == learning.Asked {
			n++
		}
	}
	return n
}

func (l requestList) heading(ctx context.Context) string {
	if n := l.waits(); n > 0 {
		return lang.N(ctx, n, "One request waits for your yes.", "%d requests wait for your yes.")
	}
	open := 0
	for _, q := range l.Own {
		if q.State.Open() {
			open++
		}
	}
	if open == 0 {
		return lang.T(ctx, "Nothing is asked for at the moment.")
	}
	return lang.N(ctx, open, "You have asked for one thing.", "You have asked for %d things.")
}

// mistake is that of a request.
func (l requestList) mistake(request string) error {
	if l.At != request {
		return nil
	}
	return l.Err
}

// whenText says when somebody has access, or how long the wait is.
func whenText(ctx context.Context, q learningdb.RequestView) string {
	switch {
	case q.Where.ID != "":
		return daysText(ctx, q.Where)
	case q.Access != "":
		return lang.T(ctx, "since %s", string(q.Access))
	}
	return lang.T(ctx, "needed from %s", string(q.Needed))
}
