package effortweb

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
)

func mixText(ctx context.Context, m effort.Mix) string {
	switch m {
	case effort.Experience:
		return lang.T(ctx, "experience")
	case effort.Exposure:
		return lang.T(ctx, "exposure")
	case effort.Education:
		return lang.T(ctx, "education")
	}
	return lang.T(ctx, "not stated")
}

func paceText(ctx context.Context, p effort.Pace) string {
	switch p {
	case effort.Live:
		return lang.T(ctx, "live")
	case effort.OwnPace:
		return lang.T(ctx, "at one's own pace")
	case effort.EitherPace:
		return lang.T(ctx, "either")
	}
	return lang.T(ctx, "not stated")
}

// standardsText says what the names behind ISO are worth.
func standardsText(ctx context.Context) string {
	return lang.T(ctx, "What stands behind ISO is what a standard is said to call it; in ISO 30414:2025 these belong to skills, capabilities and development. The texts of ISO 30414:2025, ISO/TS 30428 and ISO/TS 30437 were not read: their names stand here where what is known of them means the same.")
}

// sourceKinds are the kinds of sources that a reader can ask for.
var sourceKinds = []string{effort.OfFile, effort.OfForm, effort.OfSession, effort.OfCoaching, effort.OfAction, effort.OfCompletion, effort.OfOffering, effort.OfPlan, effort.OfAct}

func sourceText(ctx context.Context, kind string) string {
	switch kind {
	case effort.OfFile:
		return lang.T(ctx, "a file")
	case effort.OfForm:
		return lang.T(ctx, "the form")
	case effort.OfSession:
		return lang.T(ctx, "a session")
	case effort.OfCoaching:
		return lang.T(ctx, "coaching")
	case effort.OfAction:
		return lang.T(ctx, "an action")
	case effort.OfCompletion:
		return lang.T(ctx, "a completion")
	case effort.OfPlan:
		return lang.T(ctx, "a development plan")
	case effort.OfAct:
		return lang.T(ctx, "an executive's act")
	}
	return lang.T(ctx, "an offering")
}

func managedText(ctx context.Context, m effort.Managed) string {
	switch m {
	case effort.Centrally:
		return lang.T(ctx, "centrally")
	case effort.Locally:
		return lang.T(ctx, "locally")
	}
	return lang.T(ctx, "not stated")
}

// decimal reads a small number: a mark that it has once is the decimal one, as in 1.165.
func decimal(text string) (float64, error) {
	text = strings.TrimSpace(text)
	mark := sheet.Unknown
	switch points, commas := strings.Count(text, "."), strings.Count(text, ","); {
	case points == 1 && commas == 0:
		mark = sheet.Point
	case commas == 1 && points == 0:
		mark = sheet.Comma
	}
	return sheet.ParseDecimal(text, mark)
}

// percent is a share in whole per cent, "–" where it is not known.
func percent(ctx context.Context, v *float64) string {
	if v == nil {
		return "–"
	}
	return strings.ReplaceAll(lang.T(ctx, "%.0f %%", *v*100), " ", "\u00a0") // stays on one line
}

// share is a part of a whole in whole per cent.
func share(ctx context.Context, part, whole int64) string {
	return percent(ctx, effort.Ratio(part, whole))
}

// inHours are minutes in hours, of many without a fraction.
func inHours(minutes int64) float64 {
	h := float64(minutes) / 60
	if h >= 100 {
		return math.Round(h)
	}
	return web.Rounded(h, 1)
}

// hoursIn is inHours as a cell.
func hoursIn(minutes int64) any {
	if h := inHours(minutes); h != math.Trunc(h) {
		return h
	}
	return int(inHours(minutes))
}

// inPercent is a share as a cell, in whole per cent; nil where it is not known.
func inPercent(v *float64) any {
	if v == nil {
		return nil
	}
	return int(math.Round(*v * 100))
}

// inMoney is an amount as a cell, in whole ones of its currency.
func inMoney(amount int64, currency string) any {
	return int(math.Round(effort.Units(amount, currency)))
}

func hoursText(ctx context.Context, minutes int64) string {
	decimals := 0
	if h := inHours(minutes); h != math.Round(h) {
		decimals = 1
	}
	return web.Cell(ctx, inHours(minutes), decimals)
}

// money says an amount of a currency's smallest unit, a large one without what lies behind the point.
func money(ctx context.Context, amount int64, currency string) string {
	digits := effort.Digits(currency)
	if unit := int64(math.Pow10(digits)); amount >= 1000*unit {
		amount = (amount + unit/2) / unit * unit
	}
	return lang.Money(ctx, amount, digits, currency)
}

func costsText(ctx context.Context, costs []effort.Cost) string {
	sums, order := map[string]int64{}, []string{}
	for _, c := range costs {
		if _, again := sums[c.Currency]; !again {
			order = append(order, c.Currency)
		}
		sums[c.Currency] += c.Amount
	}
	slices.Sort(order)
	var all []string
	for _, code := range order {
		all = append(all, lang.Money(ctx, sums[code], effort.Digits(code), code))
	}
	return strings.Join(all, ", ")
}

// unratedText says which costs stand in no figure, "" where there are none.
func unratedText(ctx context.Context, a effort.Account) string {
	if len(a.Unrated) == 0 {
		return ""
	}
	var costs []effort.Cost
	for code, amount := range a.Unrated {
		costs = append(costs, effort.Cost{Currency: code, Amount: amount})
	}
	return lang.T(ctx, "In no figure here: %s, for which there is no rate.", costsText(ctx, costs))
}

// peopleText counts learners for who may not read their names: few are not counted.
func peopleText(ctx context.Context, n int, named bool) string {
	if few(n, named) {
		return lang.T(ctx, "fewer than %d", effort.Fewest)
	}
	return lang.T(ctx, "%d", seen(n, named))
}

// nearest says how exactly people are counted for who may not read their names.
func nearest(ctx context.Context) string {
	return lang.T(ctx, "People are told to the nearest %d, so that nobody can be worked out.", effort.Fewest)
}

// seen is a number of people as the reader may know it.
func seen(n int, named bool) int {
	if named {
		return n
	}
	return effort.Veiled(n)
}

func few(n int, named bool) bool { return n > 0 && n < effort.Fewest && !named }

// address is a path with what is asked for there.
func address(path string, query url.Values) string {
	for name := range query {
		if query.Get(name) == "" {
			query.Del(name)
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
