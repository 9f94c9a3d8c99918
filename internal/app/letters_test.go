package app

import (
	"fmt"
	"image"
	"image/draw"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

func TestWhoHasNoMailGetsALetterWithACode(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t) // nobody has an address
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path, secrets := s.open(t, lead)
		choice := lead.get(path + "/letters")
		if !strings.Contains(choice.said(), "60 letters to print") {
			t.Fatalf("%s", choice.said())
		}
		page := lead.get(path + "/letters?unit=all")
		letters := page.page().Find("article.letter")
		if letters.Length() != 60 {
			t.Fatalf("%d letters", letters.Length())
		}
		north := choice.page().Find("select[name=unit] option").FilterFunction(func(_ int, o *goquery.Selection) bool { return strings.HasPrefix(o.Text(), "North") })
		if n := lead.get(path + "/letters?unit=" + north.AttrOr("value", "")).page().Find("article.letter").Length(); n != 24 {
			t.Errorf("%d letters for North", n)
		}
		code := strings.TrimSpace(letters.First().Find(".code").Text())
		c := s.anybody(t)
		for _, typed := range []string{"", "ABCD", "AAAA-AAAA-AAAA-AAAA", code[:18] + "O"} {
			if a := c.post("/r", url.Values{"code": {typed}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "this code is not known") {
				t.Errorf("%q: %d %s", typed, a.status, a.said())
			}
		}
		a := c.post("/r", url.Values{"code": {strings.ToLower(strings.ReplaceAll(code, "-", " "))}})
		if a.status != http.StatusSeeOther {
			t.Fatalf("the code: %d %s", a.status, a.said())
		}
		known := false
		for _, secret := range secrets {
			known = known || a.location == "/r/"+secret
		}
		if !known {
			t.Errorf("the code leads to %s", a.location)
		}
		if a := c.post(a.location, answers(t, 6)); a.status != http.StatusOK {
			t.Errorf("answering: %d", a.status)
		}
		if a := lead.follow(lead.post(path+"/closure", url.Values{"sure": {"1"}})); a.status != http.StatusOK {
			t.Fatalf("closing: %d", a.status)
		}
		if a := c.post("/r", url.Values{"code": {code}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("the code after closing: %d", a.status)
		}
	})
}

// The square on a letter is read by a reader that is not ours.
func TestTheSquareOfALetterIsItsLink(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.shops(t)
	lead := s.as(t, "lead", whole(org.DiagnosisLead))
	path, secrets := s.open(t, lead)
	lead.get(path + "/letters?unit=all").page().Find("article.letter svg.square").EachWithBreak(func(i int, square *goquery.Selection) bool {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(drawn(t, square))
		if err != nil {
			t.Fatal(err)
		}
		// The picture is clean: the reader need not look for the square in it, which it sometimes
		// finds a module off.
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
		if err != nil {
			t.Fatalf("letter %d: %v", i, err)
		}
		if secret, ours := strings.CutPrefix(read.GetText(), s.address+"/r/"); !ours || !slices.Contains(secrets, secret) {
			t.Errorf("letter %d leads to %s", i, read.GetText())
		}
		return i < 5
	})
}

// drawn paints the path of a square, ten pixels a module.
func drawn(t *testing.T, square *goquery.Selection) image.Image {
	t.Helper()
	const scale = 10
	var side int
	if _, err := fmt.Sscanf(square.AttrOr("viewBox", ""), "0 0 %d", &side); err != nil {
		t.Fatal(err)
	}
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(square.Find("path").AttrOr("d", ""), -1) {
		var n [3]int
		for i := range n {
			n[i], _ = strconv.Atoi(run[i+1])
		}
		draw.Draw(picture, image.Rect(n[0]*scale, n[1]*scale, (n[0]+n[2])*scale, (n[1]+1)*scale), image.Black, image.Point{}, draw.Src)
	}
	return picture
}
