package diagnosisweb

import (
	"context"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// overview is the report's first page; who may read a unit only is sent there.
func (p *Pages) overview(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	home := rd.home()
	if home == nil {
		if roots := rd.roots(); len(roots) > 0 {
			return web.SeeOther(w, r, rd.Path+"/units/"+rd.Report.Units[roots[0]].ID+query(r))
		}
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	if web.WantsJSON(r) && rd.Whole {
		return web.JSON(w, rd.Report)
	}
	t := rd.withReference(rd.factorTable(r.Context(), home), rd.factorIDs())
	if done, err := web.Exported(w, r, rd.Diagnosis.Name, t); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, overviewPage(rd, home, t, p.Permits.May(web.From[org.Actor](r.Context()), Manage, rd.Diagnosis.Place())))
}

// units is the heat map: the units below one, against the whole.
func (p *Pages) units(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	var focus int32 = -1
	if id := r.URL.Query().Get("below"); id != "" {
		u, ok := rd.Report.Layout.Find(id)
		if !ok || !rd.sees(u) {
			return fault.NotFoundf("there is no such unit in this report")
		}
		focus = u
	} else if rd.Whole {
		focus = 0
	}
	units := rd.roots()
	if focus >= 0 {
		units = append([]int32{focus}, rd.below(focus)...)
	}
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-units", rd.unitTable(r.Context(), rd.all())); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, rd.unitList(units))
	}
	return web.Page(w, r, http.StatusOK, unitsPage(rd, focus, units))
}

// all lists every unit that the person may read.
func (rd *reading) all() (units []int32) {
	for u := range rd.Report.Units {
		if rd.sees(int32(u)) {
			units = append(units, int32(u))
		}
	}
	return units
}

// unit is one unit's own page.
func (p *Pages) unit(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	u, ok := rd.Report.Layout.Find(r.PathValue("unit"))
	if !ok || !rd.sees(u) {
		return fault.NotFoundf("there is no such unit in this report")
	}
	g := rd.Report.Unit(u)
	t := rd.itemTable(r.Context(), g)
	if done, err := web.Exported(w, r, rd.Report.Units[u].Name, rd.figureTable(r.Context(), g)); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, rd.unitList([]int32{u}))
	}
	return web.Page(w, r, http.StatusOK, unitPage(rd, u, g, t))
}

// characteristics lists every characteristic of the whole, the lowest first.
func (p *Pages) characteristics(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	if err != nil {
		return err
	}
	t := rd.withReference(rd.itemTable(r.Context(), &rd.Report.Groups[0]), rd.itemIDs())
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-characteristics", t); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, rd.itemList(&rd.Report.Groups[0]))
	}
	return web.Page(w, r, http.StatusOK, characteristicsPage(rd))
}

// groups shows the reported attributes and crossings; levels first.
func (p *Pages) groups(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	if err != nil {
		return err
	}
	tables := rd.groupTables(r.Context())
	if len(tables) > 0 {
		n := min(max(web.Number(r, "table", 0), 0), len(tables)-1)
		if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-groups", tables[n].Table); done || err != nil {
			return err
		}
	}
	if web.WantsJSON(r) {
		return web.JSON(w, rd.groupList())
	}
	return web.Page(w, r, http.StatusOK, groupsPage(rd, tables))
}

// method says how the figures came about, and how reliable they are.
func (p *Pages) method(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	if err != nil {
		return err
	}
	t, all := rd.reliabilityTable(r.Context()), rd.Instrument.Weightings(rd.Report)
	weighted := rd.weightedTable(r.Context(), all)
	if r.FormValue("table") == "weighted" {
		if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-weighted", weighted); done || err != nil {
			return err
		}
	}
	if r.FormValue("table") == "late" {
		if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-late", rd.lateTable(r.Context())); done || err != nil {
			return err
		}
	}
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-reliability", t); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, reliabilityOf{rd.Report.Reliability, rd.Report.Agreement, all, rd.Report.Lateness})
	}
	return web.Page(w, r, http.StatusOK, methodPage(rd, t, weighted))
}

// heading is the finding of a group in a sentence: the factor that is furthest
// from the target.
func (rd *reading) heading(ctx context.Context, g *diagnosis.ReportGroup) string {
	low := rd.lowest(g)
	if low < 0 {
		return lang.T(ctx, "The scores are withheld.")
	}
	if n, ok := rd.Instrument.Reached(g); ok && n == len(rd.Instrument.Factors) {
		return lang.T(ctx, "Every factor reaches %s.", one(ctx, *rd.Instrument.Threshold))
	}
	if rd.Instrument.Threshold == nil {
		return lang.T(ctx, "%[1]s is lowest, at %[2]s.", rd.factor(low), one(ctx, g.Factors[low].Mean))
	}
	return lang.T(ctx, "%[1]s is furthest from %[2]s, at %[3]s.", rd.factor(low), one(ctx, *rd.Instrument.Threshold), rd.away(ctx, g.Factors[low]))
}

// lowest is the factor with the lowest shown score, -1 when none is shown.
func (rd *reading) lowest(g *diagnosis.ReportGroup) int {
	low := -1
	for f := range rd.Instrument.Factors {
		if s := factorScore(g, f); s != nil && (low < 0 || s.Mean < g.Factors[low].Mean) {
			low = f
		}
	}
	return low
}
