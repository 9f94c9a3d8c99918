package org

import "strings"

// Level is a person's place in the line of management, or "" where none is stated.
type Level string

const (
	LevelExecutive     Level = "executive"
	LevelSeniorManager Level = "senior-manager"
	LevelManager       Level = "manager"
	LevelTeamLeader    Level = "team-leader"
	LevelEmployee      Level = "employee"
)

// Levels lists every level, the highest first.
var Levels = []Level{LevelExecutive, LevelSeniorManager, LevelManager, LevelTeamLeader, LevelEmployee}

var levelNames = map[Level]string{
	LevelExecutive: "executive", LevelSeniorManager: "senior manager", LevelManager: "manager",
	LevelTeamLeader: "team leader", LevelEmployee: "employee", "": "not stated",
}

// Name is the level in words: "senior manager"; "not stated" for "".
func (l Level) Name() string { return levelNames[l] }

// ParseLevel reads a level by its English name; case, and whether words are
// joined by space, hyphen or underscore, do not matter.
func ParseLevel(text string) (l Level, ok bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '-' || r == '_' })
	l = Level(strings.Join(words, "-"))
	_, ok = levelNames[l]
	return l, ok && l != ""
}
