package orgweb

import (
	"context"
	"io"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/scim"
	"throughline/internal/org"
)

// groups lists units.
func (d *Directory) groups(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	q, err := query(r)
	if err != nil {
		return 0, nil, err
	}
	units, err := d.Store.DirectoryUnits(r.Context(), actor.Organisation, "")
	if err != nil {
		return 0, nil, err
	}
	all := make([]scim.Resource, 0, len(units))
	for _, u := range units {
		all = append(all, d.groupOf(u))
	}
	return http.StatusOK, q.Page(all), nil
}

func (d *Directory) group(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	q, err := scim.ParseQuery(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	status, group, err := d.tellGroup(r.Context(), actor, r.PathValue("id"), http.StatusOK)
	if err != nil {
		return 0, nil, err
	}
	return status, q.Trim(group), nil
}

func (d *Directory) tellGroup(ctx context.Context, actor org.Actor, unit string, status int) (int, scim.Resource, error) {
	units, err := d.Store.DirectoryUnits(ctx, actor.Organisation, unit)
	if err == nil && len(units) == 0 {
		err = fault.NotFoundf("there is no such unit")
	}
	if err != nil {
		return 0, nil, err
	}
	return status, d.groupOf(units[0]), nil
}

func (d *Directory) addGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return d.keepGroup(r, actor, "", http.StatusCreated)
}

func (d *Directory) putGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return d.keepGroup(r, actor, r.PathValue("id"), http.StatusOK)
}

// keepGroup puts a group in place of another; members that it does not name stay as they are.
func (d *Directory) keepGroup(r *http.Request, actor org.Actor, unit string, status int) (int, scim.Resource, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, nil, err
	}
	group, err := scim.Read(body, scim.GroupSchema)
	if err != nil {
		return 0, nil, err
	}
	return d.saveGroup(r.Context(), actor, unit, status, func(now org.DirectoryUnit) (org.DirectoryUnit, error) {
		u := readGroup(group)
		if scim.Get(group, "members") == nil {
			u.People, u.Units = now.People, now.Units
		}
		return u, nil
	})
}

func (d *Directory) patchGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	operations, err := readPatch(r)
	if err != nil {
		return 0, nil, err
	}
	return d.saveGroup(r.Context(), actor, r.PathValue("id"), http.StatusOK, func(now org.DirectoryUnit) (org.DirectoryUnit, error) {
		changed, err := scim.Patch(d.groupOf(now), operations)
		return readGroup(changed), err
	})
}

// readGroup reads a resource as a unit with all members among its people.
func readGroup(r scim.Resource) org.DirectoryUnit {
	u := org.DirectoryUnit{Name: scim.Text(scim.Get(r, "displayName")), Key: scim.Text(scim.Get(r, "externalId"))}
	for _, m := range scim.Parts(scim.Get(r, "members")) {
		u.People = append(u.People, scim.Text(scim.Get(m, "value")))
	}
	return u
}

func (d *Directory) saveGroup(ctx context.Context, actor org.Actor, unit string, status int, change func(org.DirectoryUnit) (org.DirectoryUnit, error)) (int, scim.Resource, error) {
	kept, err := d.Store.SaveDirectoryUnit(ctx, actor.Organisation, unit, change, actor.Name)
	if err != nil {
		return 0, nil, err
	}
	return d.tellGroup(ctx, actor, kept, status)
}

func (d *Directory) dropGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	return http.StatusNoContent, nil, d.Store.DropDirectoryUnit(r.Context(), actor.Organisation, r.PathValue("id"), actor.Name)
}

// groupOf is a unit as a resource.
func (d *Directory) groupOf(u org.DirectoryUnit) scim.Resource {
	members := []any{}
	for _, unit := range u.Units {
		members = append(members, scim.Resource{"value": unit, "type": "Group", "$ref": d.location("Groups", unit)})
	}
	for _, p := range u.People {
		members = append(members, scim.Resource{"value": p, "type": "User", "$ref": d.location("Users", p)})
	}
	return scim.Resource{"schemas": []any{scim.GroupSchema}, "id": u.ID, "externalId": u.Key, "displayName": u.Name, "members": members, "meta": d.meta("Group", "Groups", u.ID, u.Made, u.Changed)}
}
