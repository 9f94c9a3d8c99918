package orgweb

import (
	"net/http"
	"strings"

	"throughline/internal/kit/scim"
	"throughline/internal/org"
)

const (
	configSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema   = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// config says what of SCIM there is (RFC 7643 5).
func (d *Directory) config(*http.Request, org.Actor) (int, scim.Resource, error) {
	no := scim.Resource{"supported": false}
	return http.StatusOK, scim.Resource{
		"schemas": []any{configSchema}, "patch": scim.Resource{"supported": true}, "filter": scim.Resource{"supported": true, "maxResults": scim.Most},
		"bulk": scim.Resource{"supported": false, "maxOperations": 0, "maxPayloadSize": 0}, "changePassword": no, "sort": no, "etag": no,
		"authenticationSchemes": []any{scim.Resource{"type": "oauthbearertoken", "name": "Token", "description": "A token of an account, with the scope " + ScopeDirectory, "primary": true}},
		"meta":                  scim.Resource{"resourceType": "ServiceProviderConfig", "location": d.Public + ScimBase + "/ServiceProviderConfig"},
	}, nil
}

// about is a list of what describes the resources.
func about(r *http.Request, all []scim.Resource) (int, scim.Resource, error) {
	if r.URL.Query().Has("filter") {
		return 0, nil, &scim.Error{Status: http.StatusForbidden, Detail: "this list takes no filter"} // RFC 7644 4
	}
	q, err := scim.ParseQuery(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, q.Page(all), nil
}

// named is one of a list, by what names it.
func named(r *http.Request, all []scim.Resource) (int, scim.Resource, error) {
	for _, one := range all {
		if strings.EqualFold(scim.Text(one["id"]), r.PathValue("name")) {
			return http.StatusOK, one, nil
		}
	}
	return 0, nil, &scim.Error{Status: http.StatusNotFound, Detail: "there is no such description"}
}

func (d *Directory) types(r *http.Request, _ org.Actor) (int, scim.Resource, error) {
	return about(r, d.kinds())
}

func (d *Directory) kind(r *http.Request, _ org.Actor) (int, scim.Resource, error) {
	return named(r, d.kinds())
}

func (d *Directory) kinds() []scim.Resource {
	kind := func(name, path, about, schema string) scim.Resource {
		return scim.Resource{"schemas": []any{typeSchema}, "id": name, "name": name, "endpoint": "/" + path, "description": about, "schema": schema, "meta": scim.Resource{"resourceType": "ResourceType", "location": d.Public + ScimBase + "/ResourceTypes/" + name}}
	}
	user := kind("User", "Users", "Somebody of the roster", scim.UserSchema)
	user["schemaExtensions"] = []any{scim.Resource{"schema": scim.EnterpriseSchema, "required": false}}
	return []scim.Resource{user, kind("Group", "Groups", "A unit of the organisation, with the people in it and the units under it", scim.GroupSchema)}
}

func (d *Directory) schemas(r *http.Request, _ org.Actor) (int, scim.Resource, error) {
	return about(r, d.described())
}

func (d *Directory) schema(r *http.Request, _ org.Actor) (int, scim.Resource, error) {
	return named(r, d.described())
}

// trait describes an attribute (RFC 7643 7).
func trait(name, kind, about string, more scim.Resource) scim.Resource {
	t := scim.Resource{"name": name, "type": kind, "multiValued": false, "description": about, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
	for n, v := range more {
		t[n] = v
	}
	return t
}

// texts describes attributes that are texts, by name and what they are.
func texts(pairs ...string) (all []any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, trait(pairs[i], "string", pairs[i+1], nil))
	}
	return all
}

// described are the schemas of what this program keeps.
func (d *Directory) described() []scim.Resource {
	schema := func(id, name, about string, traits []any) scim.Resource {
		return scim.Resource{"schemas": []any{schemaSchema}, "id": id, "name": name, "description": about, "attributes": traits, "meta": scim.Resource{"resourceType": "Schema", "location": d.Public + ScimBase + "/Schemas/" + id}}
	}
	reference := trait("$ref", "reference", "Its address", scim.Resource{"mutability": "readOnly", "referenceTypes": []any{"User", "Group"}})
	user := append([]any{trait("userName", "string", "What the person signs in with", scim.Resource{"required": true, "uniqueness": "server"})},
		trait("name", "complex", "The parts of the name", scim.Resource{"subAttributes": texts("formatted", "The whole name", "givenName", "Given name", "familyName", "Family name")}),
		trait("emails", "complex", "Mail addresses; the primary one is kept, else the one at work, else the first", scim.Resource{"multiValued": true, "subAttributes": append(texts("value", "The address", "type", "work or another"), trait("primary", "boolean", "Whether it is the first", nil))}),
		trait("active", "boolean", "Whether the person is at work; who is not has left the roster", nil))
	user = append(user, texts("displayName", "What the person is called", "title", "Job", "userType", "Level: executive, senior-manager, manager, team-leader or employee", "preferredLanguage", "en or nl")...)
	enterprise := append(texts("employeeNumber", "The roster's number; the user name where there is none. The first one stays", "department", "Name or key of the unit, which is made where there is none", "division", "Name or key of the unit above it"),
		trait("manager", "complex", "Whom the person reports to", scim.Resource{"subAttributes": []any{trait("value", "string", "id of that person", nil), reference}}))
	group := []any{trait("displayName", "string", "Name of the unit", scim.Resource{"required": true}),
		trait("members", "complex", "Who works in it, and the units directly under it", scim.Resource{"multiValued": true, "subAttributes": append(texts("value", "id", "type", "User or Group"), reference)})}
	return []scim.Resource{schema(scim.UserSchema, "User", "Somebody of the roster", user), schema(scim.EnterpriseSchema, "EnterpriseUser", "Number, unit and manager", enterprise), schema(scim.GroupSchema, "Group", "A unit", group)}
}
