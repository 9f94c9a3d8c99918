package learning

import (
	"encoding/json"
	"iter"

	"throughline/internal/kit/fault"
)

// casePackage is what we read of a CFPackage of 1EdTech's Competencies and Academic Standards
// Exchange (CASE) 1.1, which 1.0 writes alike.
type casePackage struct {
	Document struct {
		Identifier, URI, Title, Version, Language, Description, OfficialSourceURL string
	} `json:"CFDocument"`
	Items        []caseItem        `json:"CFItems"`
	Associations []caseAssociation `json:"CFAssociations"`
}

type caseItem struct {
	Identifier, URI, FullStatement, AbbreviatedStatement, AlternativeLabel, HumanCodingScheme, CFItemType, Notes string
}

type caseAssociation struct {
	AssociationType string
	Origin          caseNode `json:"originNodeURI"`
	Destination     caseNode `json:"destinationNodeURI"`
}

type caseNode struct{ Identifier string }

// CasePackage reads a package of CASE as the service's getCFPackage gives it: the framework as far as
// its document says it, and its items. It reports what is no such package.
func CasePackage(body []byte) (Framework, iter.Seq2[CatalogueItem, error], error) {
	var p casePackage
	if err := json.Unmarshal(body, &p); err != nil {
		return Framework{}, nil, fault.Invalidf("this is no package of CASE: %s", err.Error())
	}
	if p.Document.Title == "" && len(p.Items) == 0 {
		return Framework{}, nil, fault.Invalidf("this is no package of CASE: it has neither CFDocument nor CFItems")
	}
	d := p.Document
	f := Framework{Name: d.Title, Source: first(d.OfficialSourceURL, d.URI, d.Identifier), Version: d.Version, Language: d.Language, Note: d.Description}
	items := map[string]bool{}
	for _, it := range p.Items {
		items[it.Identifier] = true
	}
	parents := map[string]string{}
	for _, a := range p.Associations {
		if a.AssociationType == "isChildOf" && items[a.Destination.Identifier] { // the document itself is no item
			parents[a.Origin.Identifier] = a.Destination.Identifier
		}
	}
	return f, func(yield func(CatalogueItem, error) bool) {
		for _, it := range p.Items {
			one, err := it.item(parents[it.Identifier])
			if !yield(one, err) {
				return
			}
		}
	}, nil
}

func (it caseItem) item(parent string) (CatalogueItem, error) {
	one := CatalogueItem{Key: it.Identifier, URI: it.URI, Kind: it.CFItemType, Name: first(it.AbbreviatedStatement, it.FullStatement), Note: it.Notes, Parent: parent}
	if one.Key == "" {
		return one, fault.Invalidf("the item %q has no identifier", one.Name)
	}
	if one.Note == "" && one.Name != it.FullStatement {
		one.Note = it.FullStatement
	}
	for _, a := range []string{it.HumanCodingScheme, it.AlternativeLabel} {
		if a != "" {
			one.Alternatives = append(one.Alternatives, a)
		}
	}
	return one, nil
}
