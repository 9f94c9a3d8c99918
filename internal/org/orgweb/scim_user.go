package orgweb

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"throughline/internal/kit/scim"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// users lists people. A filter that asks for one user name or id of the directory reads that one alone.
func (d *Directory) users(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	q, err := query(r)
	if err != nil {
		return 0, nil, err
	}
	if q.Filter == nil {
		people, total, err := d.Store.DirectoryPage(r.Context(), actor.Organisation, q.Start-1, q.Count)
		return http.StatusOK, q.Part(d.usersOf(people), total), err
	}
	var narrow orgdb.DirectoryQuery
	if name, ok := scim.Equal(q.Filter, "username"); ok {
		narrow.UserName = name
	} else if external, ok := scim.Equal(q.Filter, "externalid"); ok {
		narrow.External = external
	} else if one, ok := scim.Equal(q.Filter, "id"); ok {
		narrow.ID = one
	}
	people, err := d.Store.DirectoryPeople(r.Context(), actor.Organisation, narrow)
	return http.StatusOK, q.Page(d.usersOf(people)), err
}

func (d *Directory) usersOf(people []org.DirectoryPerson) []scim.Resource {
	all := make([]scim.Resource, 0, len(people))
	for _, p := range people {
		all = append(all, d.userOf(p))
	}
	return all
}

func (d *Directory) user(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	q, err := scim.ParseQuery(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	status, user, err := d.tellUser(r.Context(), actor, r.PathValue("id"), http.StatusOK)
	if err != nil {
		return 0, nil, err
	}
	return status, q.Trim(user), nil
}

func (d *Directory) tellUser(ctx context.Context, actor org.Actor, person string, status int) (int, scim.Resource, error) {
	one, err := d.Store.DirectoryPerson(ctx, actor.Organisation, person)
	if err != nil {
		return 0, nil, err
	}
	return status, d.userOf(one), nil
}

func (d *Directory) addUser(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return d.keepUser(r, actor, "", http.StatusCreated)
}

func (d *Directory) putUser(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return d.keepUser(r, actor, r.PathValue("id"), http.StatusOK)
}

func (d *Directory) keepUser(r *http.Request, actor org.Actor, person string, status int) (int, scim.Resource, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, nil, err
	}
	user, err := scim.Read(body, scim.UserSchema)
	if err != nil {
		return 0, nil, err
	}
	return d.saveUser(r.Context(), actor, person, status, func(org.DirectoryPerson) (org.DirectoryPerson, error) { return readUser(user), nil })
}

func (d *Directory) saveUser(ctx context.Context, actor org.Actor, person string, status int, change func(org.DirectoryPerson) (org.DirectoryPerson, error)) (int, scim.Resource, error) {
	kept, err := d.Store.SaveDirectoryPerson(ctx, actor.Organisation, person, change, actor.Name)
	if err != nil {
		return 0, nil, err
	}
	return d.tellUser(ctx, actor, kept, status)
}

func (d *Directory) patchUser(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	operations, err := readPatch(r)
	if err != nil {
		return 0, nil, err
	}
	return d.saveUser(r.Context(), actor, r.PathValue("id"), http.StatusOK, func(now org.DirectoryPerson) (org.DirectoryPerson, error) {
		changed, err := scim.Patch(d.userOf(now), operations)
		return readUser(changed), err
	})
}

func readPatch(r *http.Request) ([]scim.Operation, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return scim.ReadPatch(body)
}

func (d *Directory) dropUser(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return http.StatusNoContent, nil, d.Store.DropDirectoryPerson(r.Context(), actor.Organisation, r.PathValue("id"), actor.Name)
}

// readUser reads a resource as somebody of the directory; what this program does not keep is passed over.
func readUser(r scim.Resource) org.DirectoryPerson {
	text := func(in scim.Resource, name string) string { return scim.Text(scim.Get(in, name)) }
	name, _ := scim.Get(r, "name").(scim.Resource)
	more, _ := scim.Get(r, scim.EnterpriseSchema).(scim.Resource)
	p := org.DirectoryPerson{
		UserName: text(r, "userName"), External: text(r, "externalId"), Display: text(r, "displayName"), Formatted: text(name, "formatted"), Given: text(name, "givenName"), Family: text(name, "familyName"),
		Title: text(r, "title"), Level: text(r, "userType"), Language: strings.ToLower(text(r, "preferredLanguage")), Number: text(more, "employeeNumber"), Department: text(more, "department"), Division: text(more, "division"),
		Active: scim.Yes(scim.Get(r, "active"), true),
	}
	if manager, is := scim.Get(more, "manager").(scim.Resource); is {
		p.Manager = text(manager, "value")
	} else {
		p.Manager = text(more, "manager")
	}
	best := -1
	for _, mail := range scim.Parts(scim.Get(r, "emails")) {
		rank := 0
		if strings.EqualFold(text(mail, "type"), "work") {
			rank = 1
		}
		if scim.Yes(scim.Get(mail, "primary"), false) {
			rank = 2
		}
		if rank > best {
			best, p.Mail = rank, text(mail, "value")
		}
	}
	return p
}

// userOf is somebody of the directory as a resource.
func (d *Directory) userOf(p org.DirectoryPerson) scim.Resource {
	r := scim.Resource{"schemas": []any{scim.UserSchema, scim.EnterpriseSchema}, "id": p.ID, "userName": p.UserName, "active": p.Active, "meta": d.meta("User", "Users", p.ID, p.Made, p.Changed)}
	put(r, map[string]string{"externalId": p.External, "displayName": p.Display, "title": p.Title, "userType": p.Level, "preferredLanguage": p.Language})
	name, more := scim.Resource{}, scim.Resource{}
	put(name, map[string]string{"formatted": p.Formatted, "givenName": p.Given, "familyName": p.Family})
	put(more, map[string]string{"employeeNumber": p.Number, "department": p.Department, "division": p.Division})
	if len(name) > 0 {
		r["name"] = name
	}
	if p.Manager != "" {
		more["manager"] = scim.Resource{"value": p.Manager, "$ref": d.location("Users", p.Manager)}
	}
	if len(more) > 0 {
		r[scim.EnterpriseSchema] = more
	}
	if p.Mail != "" {
		r["emails"] = []any{scim.Resource{"value": p.Mail, "type": "work", "primary": true}}
	}
	return r
}

func put(r scim.Resource, texts map[string]string) {
	for name, text := range texts {
		if text != "" {
			r[name] = text
		}
	}
}

func (d *Directory) meta(kind, path, id string, made, changed time.Time) scim.Resource {
	return scim.Resource{"resourceType": kind, "created": made.UTC().Format(time.RFC3339), "lastModified": changed.UTC().Format(time.RFC3339), "location": d.location(path, id)}
}
