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
	group, err := readGroup(r)
	if err != nil {
		return 0, nil, err
	}
	return d.saveGroup(r.Context(), actor, "", group, http.StatusCreated)
}

// putGroup puts a group in place of another; members that it does not name stay as they are.
func (d *Directory) putGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	group, err := readGroup(r)
	if err != nil {
		return 0, nil, err
	}
	if scim.Get(group, "members") == nil {
		_, now, err := d.tellGroup(r.Context(), actor, r.PathValue("id"), http.StatusOK)
		if err != nil {
			return 0, nil, err
		}
		group["members"] = now["members"]
	}
	return d.saveGroup(r.Context(), actor, r.PathValue("id"), group, http.StatusOK)
}

func readGroup(r *http.Request) (scim.Resource, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return scim.Read(body, scim.GroupSchema)
}

func (d *Directory) patchGroup(r *http.Request, actor org.Actor) (int, scim.Resource, error) {
	_, now, err := d.tellGroup(r.Context(), actor, r.PathValue("id"), http.StatusOK)
	if err != nil {
		return 0, nil, err
	}
	changed, err := patched(r, now)
	if err != nil {
		return 0, nil, err
	}
	return d.saveGroup(r.Context(), actor, r.PathValue("id"), changed, http.StatusOK)
}

func (d *Directory) saveGroup(ctx context.Context, actor org.Actor, unit string, group scim.Resource, status int) (int, scim.Resource, error) {
	u := org.DirectoryUnit{ID: unit, Name: scim.Text(scim.Get(group, "displayName")), Key: scim.Text(scim.Get(group, "externalId"))}
	units, err := d.Store.DirectoryUnits(ctx, actor.Organisation, "")
	if err != nil {
		return 0, nil, err
	}
	there := map[string]bool{}
	for _, one := range units {
		there[one.ID] = true
	}
	for _, m := range scim.Parts(scim.Get(group, "members")) {
		if id := scim.Text(scim.Get(m, "value")); there[id] {
			u.Units = append(u.Units, id)
		} else {
			u.People = append(u.People, id)
		}
	}
	kept, err := d.Store.SaveDirectoryUnit(ctx, actor.Organisation, u, actor.Name)
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
