"""Who may do what, said once for every route: the table that the access matrix is tested against.

A new route is declared here or the matrix fails. ``permission`` repeats the guard on purpose, so that a guard
is not changed by the way. ``gate`` says what the record in the address adds to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.accounts.rules import Permission


class Gate(Enum):
    """What decides, beside the permission, whether somebody may do this with a record."""

    none = "the address names no record"
    zone = "everybody of the zone"
    unit = "officers of the record's unit, and reviewers"
    unit_hidden = "for officers of another unit the record does not exist"
    own = "only the person whose it is"


@dataclass(frozen=True)
class Access:
    """One route. ``public``: visitors may; ``permission`` None goes with it."""

    permission: Permission | None
    gate: Gate = Gate.none
    led_back: bool = False
    """Whoever may not is led from the form back to the record, with a sentence."""


def _each(permission: Permission | None, gate: Gate, endpoints: str) -> dict[str, Access]:
    return {endpoint: Access(permission, gate) for endpoint in endpoints.split()}


ACCESS: dict[str, Access] = {
    **_each(
        Permission.read, Gate.none, "warnings.list_warnings warnings.export_warnings warnings.count_warnings"
    ),
    **_each(Permission.administer, Gate.none, "warnings.change_rules"),
    **_each(Permission.enter, Gate.unit, "warnings.excuse_project"),
    **_each(Permission.acknowledge, Gate.zone, "warnings.decide_excuse"),
    **_each(None, Gate.none, "accounts.sign_in setup.first_run"),
    **_each(
        Permission.read,
        Gate.none,
        "home.home home.read_amount home.choose_month accounts.change_password accounts.sign_out"
        " pipeline.list_projects pipeline.export_projects pipeline.export_contracts pipeline.export_commitments funds.list_arrivals funds.export_arrivals"
        " activities.list_activities activities.export_activities figures.catalogue figures.show_figure"
        " figures.export_figure figures.export_matrix figures.show_rows figures.read_series briefs.list_briefs ledger.download_template search.find jobs.list_all"
        " jobs.show_running jobs.ask_export",
    ),
    **_each(
        Permission.enter,
        Gate.none,
        "pipeline.register_project pipeline.suggest_investors funds.record_arrival funds.read_equivalent"
        " activities.log_activity activities.log_quickly activities.choose_entry activities.suggest_about"
        " tasks.list_tasks leads.register_lead leads.look_alike",
    ),
    **_each(Permission.read, Gate.none, "pipeline.show_board pipeline.save_view pipeline.choose_columns"),
    **_each(Permission.enter, Gate.none, "pipeline.preview_bulk pipeline.apply_bulk"),
    **_each(Permission.read, Gate.zone, "pipeline.glance pipeline.show_gate"),
    **_each(Permission.enter, Gate.unit, "pipeline.move_card"),
    **_each(Permission.read, Gate.own, "pipeline.change_view pipeline.remove_view pipeline.open_first"),
    **_each(Permission.read_leads, Gate.none, "leads.list_leads leads.export_leads"),
    **_each(
        Permission.enter,
        Gate.unit,
        "stages.advance stages.step_aside stages.ask_stage stages.withdraw stages.hand_in_owed",
    ),
    **_each(Permission.review, Gate.unit, "stages.approve_item"),
    **_each(Permission.review, Gate.none, "stages.review_requests"),
    **_each(Permission.review, Gate.zone, "stages.decide_request"),
    **_each(Permission.review, Gate.none, "funds.review_queue funds.recognise_several funds.undo_review"),
    **_each(Permission.import_ledger, Gate.none, "ledger.list_imports"),
    **_each(Permission.make_brief, Gate.none, "briefs.make_brief briefs.begin_document"),
    **_each(Permission.read, Gate.none, "verify.ask verify.verify"),
    **_each(
        Permission.read,
        Gate.none,
        "closing.list_months closing.count_open closing.show_month closing.show_numbers closing.show_progress"
        " closing.export_entries closing.export_books",
    ),
    **_each(Permission.close_month, Gate.none, "closing.waive closing.close closing.show_open"),
    **_each(Permission.reopen_month, Gate.none, "closing.reopen"),
    **_each(
        Permission.read,
        Gate.zone,
        "briefs.edit_document briefs.preview_document briefs.show_preview_page briefs.read_preview briefs.make_edition",
    ),
    **_each(
        Permission.make_brief,
        Gate.zone,
        "briefs.save_paragraph briefs.new_paragraph briefs.change_paragraph briefs.change_outline"
        " briefs.change_heads briefs.refresh_document briefs.submit_document briefs.archive_document"
        " briefs.print_document briefs.settle_comment",
    ),
    **_each(
        Permission.administer,
        Gate.none,
        "admin.show_words admin.change_words admin.preview_words admin.change_usual_outline",
    ),
    **_each(
        Permission.issue_brief, Gate.zone, "briefs.send_back_document briefs.sign_document briefs.add_comment"
    ),
    **_each(
        Permission.administer,
        Gate.none,
        "admin.list_users admin.new_user admin.show_lists admin.add admin.change_targets admin.export_targets admin.change_settings"
        " admin.change_clocks admin.change_gates admin.change_reasons",
    ),
    **_each(Permission.hand_over, Gate.none, "handover.preview handover.hand_over"),
    **_each(Permission.audit, Gate.none, "audit.list_entries audit.export_entries audit.check_chain"),
    **_each(Permission.read, Gate.none, "investors.list_investors investors.export_investors"),
    **_each(Permission.enter, Gate.none, "investors.register_investor investors.look_alike"),
    "reporting.list_all": Access(Permission.fill_form),
    "reporting.upload": Access(Permission.make_form),
    # With a record in the address.
    **_each(
        Permission.make_form,
        Gate.zone,
        "reporting.design reporting.download_template reporting.copy reporting.remove",
    ),
    **_each(Permission.fill_form, Gate.zone, "reporting.fill reporting.show_fill reporting.show_progress"),
    "investors.show_investor": Access(Permission.read, Gate.zone),
    "investors.add_contact": Access(Permission.enter, Gate.zone),
    "investors.read_phone": Access(Permission.read_phone, Gate.unit),
    **_each(
        Permission.enter,
        Gate.unit,
        "investors.save_investor investors.add_name investors.remove_name investors.change_contact"
        " investors.switch_contact",
    ),
    **_each(Permission.merge_investors, Gate.zone, "investors.preview_merge investors.merge investors.undo"),
    **_each(
        Permission.read,
        Gate.zone,
        "pipeline.show_project pipeline.show_terms funds.show_arrival activities.show_activity briefs.show_brief briefs.download"
        " briefs.show_page briefs.show_progress files.show_files files.download files.preview",
    ),
    **_each(
        Permission.enter,
        Gate.unit,
        "pipeline.save_project pipeline.sign_supplement pipeline.restore_value funds.change_arrival funds.withdraw_arrival funds.void_arrival funds.restore_arrival files.upload files.remove"
        " activities.link_activity activities.unlink_activity",
    ),
    **_each(
        Permission.enter,
        Gate.unit,
        "pipeline.sign_contract pipeline.correct_contract pipeline.withdraw_contract pipeline.enter_again"
        " pipeline.record_review pipeline.correct_review pipeline.withdraw_review pipeline.record_commitment"
        " pipeline.correct_commitment pipeline.settle_commitment pipeline.reopen_commitment"
        " pipeline.withdraw_commitment pipeline.change_investor",
    ),
    **_each(Permission.read, Gate.own, "jobs.retry jobs.download"),
    "activities.correct_activity": Access(Permission.enter, Gate.own, led_back=True),
    "activities.withdraw_activity": Access(Permission.enter, Gate.own),
    **_each(
        Permission.enter, Gate.own, "tasks.finish_task tasks.reopen_task tasks.postpone_task tasks.hand_task"
    ),
    **_each(Permission.read_leads, Gate.unit_hidden, "leads.show_lead leads.read_phone"),
    **_each(
        Permission.enter,
        Gate.unit_hidden,
        "leads.answer_lead leads.assess_lead leads.change_lead leads.convert_lead leads.hand_to_officer"
        " leads.report_progress",
    ),
    **_each(
        Permission.review,
        Gate.zone,
        "funds.show_effect funds.review_arrival funds.recognise_arrival funds.return_arrival funds.revoke_review leads.decide",
    ),
    **_each(
        Permission.import_ledger,
        Gate.zone,
        "ledger.show_import ledger.show_progress ledger.download_file ledger.recognise ledger.sheet_rows ledger.judge"
        " ledger.verdicts ledger.edit ledger.answer ledger.answer_all ledger.take ledger.fill ledger.confirm"
        " ledger.result ledger.undo ledger.download_marked",
    ),
    **_each(
        Permission.administer,
        Gate.zone,
        "admin.edit_user admin.disable admin.enable admin.reset admin.rename admin.move admin.switch admin.lead",
    ),
}
