package org_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"throughline/internal/org"
)

func TestAStructureSumsEverySubtree(t *testing.T) {
	unit := func(id, parent string) org.Unit {
		return org.Unit{ID: id, Key: "k" + id, Name: id, Parent: org.Ref{ID: parent}}
	}
	units := []org.Unit{unit("b1", "b"), unit("b", "root"), unit("a", "root"), unit("root", ""), unit("b2", "b")}
	s, err := org.NewStructure("2026-01-01", units, map[string]org.Headcount{
		"root": {People: 1, PeopleFTE: 1}, "b": {People: 2, PeopleFTE: 1.5}, "b1": {GroupFTE: 2.5}, "b2": {People: 4, PeopleFTE: 4}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range s.Units {
		got = append(got, fmt.Sprintf("%d %s %d %d/%g", u.Depth, u.Name, u.Size, u.Total.People, u.Total.FTE()))
	}
	want := []string{"0 root 5 7/9", "1 a 1 0/0", "1 b 3 6/8", "2 b1 1 0/2.5", "2 b2 1 4/4"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	b, ok := s.Find("b")
	if !ok || len(s.Subtree(b)) != 3 || !slices.Equal(s.Children(b), []int{3, 4}) || !slices.Equal(s.Children(0), []int{1, 2}) {
		t.Errorf("b at %d: subtree %v, children %v and %v", b, s.Subtree(b), s.Children(b), s.Children(0))
	}
	if path := s.Path(4); len(path) != 3 || path[0].Name != "root" || path[1].Key != "kb" || s.Units[4].Parent.Name != "b" {
		t.Errorf("path %v", path)
	}
	for _, c := range []struct {
		of   []int
		want string
	}{{[]int{3, 4}, "b"}, {[]int{1, 4}, "root"}, {[]int{2, 4}, "b"}, {[]int{4}, "b2"}, {nil, ""}} {
		var paths [][]org.Ref
		for _, i := range c.of {
			paths = append(paths, s.Path(i))
		}
		if got, ok := org.Common(paths); got.ID != c.want || ok != (c.want != "") {
			t.Errorf("common of %v: %v, %v, want %q", c.of, got, ok, c.want)
		}
	}
	if _, ok := s.Find("z"); ok {
		t.Error("found what is not there")
	}
	for name, bad := range map[string][]org.Unit{
		"two roots":          {unit("a", ""), unit("b", "")},
		"a circle":           {unit("r", ""), unit("a", "b"), unit("b", "a")},
		"a parent not there": {unit("r", ""), unit("a", "x")},
	} {
		if _, err := org.NewStructure("2026-01-01", bad, nil); err == nil {
			t.Errorf("%s is taken for a tree", name)
		}
	}
}

func TestUnitsThatHaveLeftStandWhereTheyLastWere(t *testing.T) {
	unit := func(id, parent string) org.Unit {
		return org.Unit{ID: id, Key: id, Name: id, Parent: org.Ref{ID: parent}}
	}
	there := []org.Unit{unit("root", ""), unit("a", "root")}
	left := []org.Unit{unit("shop", "a"), unit("till", "shop"), unit("former", ""), unit("under", "former"), unit("a", "former"), unit("x", "y"), unit("y", "x"), unit("lost", "nowhere")}
	s, err := org.NewStructure("2026-01-01", org.WithLeft(there, left), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range s.Units {
		got = append(got, strings.Join(s.IDs(i), "/"))
	}
	want := []string{"root", "root/a", "root/a/shop", "root/a/shop/till", "root/former", "root/former/under"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if all := org.WithLeft(nil, left); len(all) != 0 {
		t.Errorf("without a unit that is there: %v", all)
	}
}
