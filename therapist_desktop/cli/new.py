"""`therapist-desktop new`: set up a practice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop import paths
from therapist_desktop.cli.desk import Setup
from therapist_desktop.cli.parameters import DATE
from therapist_desktop.cli.person_commands import password_check
from therapist_desktop.cli.printing import check_target, save_document, say
from therapist_desktop.cli.questions import ask
from therapist_desktop.models import identifiers
from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from therapist_desktop.models.people import Person
    from therapist_desktop.models.practice_facts import PracticeFacts

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


@click.command(
    epilog="""\b
Example, without questions:
  therapist-desktop new --name "Harbor Counseling LLC" --first-name Rosa \\
      --last-name Alvarez --credentials LCSW --npi 1234567893 --state ME"""
)
@click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="Legal name of the practice, as in the NPI registry.")
@click.option("--trade-name", help="The name clients know, if it differs.")
@click.option("--first-name", help="Yours.")
@click.option("--last-name", help="Yours.")
@click.option("--credentials", help="Yours, such as LCSW.")
@click.option("--npi", help="Your own NPI (type 1).")
@click.option("--practice-npi", help="NPI of the practice, if it has one of its own (type 2).")
@click.option("--ein", help="Tax ID of the practice, such as 01-2345678.")
@click.option("--taxonomy", help="Provider taxonomy code, such as 1041C0700X.")
@click.option("--license", "licence", nargs=3, metavar="KIND NUMBER STATE", help="Yours, such as LCSW LC12345 ME.")
@click.option("--license-expires", "licence_expires", type=DATE, help="Its last day.")
@click.option("--address", help="Street and number of the practice.")
@click.option("--city")
@click.option("--state", help="Two letters.")
@click.option("--zip", "postal_code")
@click.option("--phone")
@click.option("--email")
@click.option("--recovery-sheet", type=click.Path(path_type=Path), help="Save the recovery key as a PDF to print.")
@click.pass_obj
def new(setup: Setup, /, folder: Path | None, recovery_sheet: Path | None, **given: Any) -> None:
    """Set up a practice; without options, everything is asked for.

    FOLDER is where it is kept; without one, a folder with its name among your documents. Its recovery key is shown
    once, at the end.
    """
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.practices import check_facts, set_up_practice

    if folder is not None:
        _check_folder(folder)
    if recovery_sheet is not None:
        check_target(recovery_sheet)
    facts, owner = _filled_in(given if given["name"] is not None else given | _answers(given))
    check_facts(facts, owner)
    if folder is None:
        folder = paths.practices() / _NOT_IN_NAMES.sub(" ", facts.trade_name or facts.legal_name).strip()
        _check_folder(folder)
    say("Choose a password of at least 12 characters; four or more unrelated words are easy to remember.", err=True)
    check = password_check(facts.legal_name, facts.trade_name, owner.name)
    password = setup.another_secret("Password", twice=True, problem=check)
    made_on = system_clock().date()
    signed_in, recovery_key = set_up_practice(folder, facts, owner, password, system_clock)
    signed_in.sign_out()
    where = signed_in.practice.folder.absolute()
    say(f"The practice is in {where}")
    say("Its recovery key, the only way in if the password is forgotten:\n")
    say(f"    {recovery_key.text}\n")
    say("It is shown this once and stored nowhere. Write it down or print it, and keep it away from this computer.")
    if recovery_sheet is not None:
        from therapist_desktop.reports.recovery_sheet import RecoverySheetContent, build

        sheet = RecoverySheetContent(
            practice_name=facts.trade_name or facts.legal_name, recovery_key=recovery_key.text, made_on=made_on
        )
        save_document(build(sheet), recovery_sheet)
    option = "" if where.parent == paths.practices() else f'-p "{where}" '
    say(f"\nNext: therapist-desktop {option}client add")


def _check_folder(folder: Path) -> None:
    """Refuse a place before anything is asked."""
    from therapist_desktop.services.practices import SUFFIX
    from therapist_desktop.system.practice_folder import check_place

    if folder.exists() or folder.with_name(folder.name + SUFFIX).exists():
        raise UserError("There is already something with that name. Choose another name or folder.")
    check_place(folder)


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for everything that was not given; what only documents need can be left out."""
    say("What you leave empty now can be added later with “practice set”.", err=True)
    answers: dict[str, Any] = {}

    def fill(name: str, question: str, default: str | None = "", problem: Any = None) -> None:
        if given[name] is None:
            answers[name] = ask(question, default=default, problem=problem)

    fill("name", "Legal name of the practice, as in the NPI registry", None)
    fill("trade_name", "The name clients know, if it differs")
    fill("first_name", "Your first name", None)
    fill("last_name", "Your last name", None)
    fill("credentials", "Your credentials, such as LCSW")
    fill("npi", "Your NPI, ten digits", problem=identifiers.npi_problem)
    fill("taxonomy", "Your taxonomy code, such as 1041C0700X", problem=identifiers.taxonomy_problem)
    if not given["licence"]:
        number = ask("Number of your license", default="")
        if number:
            kind = ask("Kind of license", default=answers.get("credentials") or given["credentials"] or "")
            answers["licence"] = (kind, number, ask("State of the license", problem=identifiers.state_problem))
    fill("ein", "Tax ID of the practice, such as 01-2345678", problem=identifiers.ein_problem)
    fill("address", "Street and number of the practice")
    fill("city", "City")
    fill("state", "State, two letters", problem=identifiers.state_problem)
    fill("postal_code", "ZIP code", problem=identifiers.zip_problem)
    fill("phone", "Phone", problem=identifiers.phone_problem)
    fill("email", "E-mail", problem=identifiers.email_problem)
    return answers


def _filled_in(given: dict[str, Any]) -> tuple[PracticeFacts, Person]:
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.models.people import Licence, Person, Role
    from therapist_desktop.models.practice_facts import PracticeFacts

    text = {name: value.strip() if isinstance(value, str) else "" for name, value in given.items()}
    facts = PracticeFacts(
        created_at=system_clock(),
        legal_name=text["name"],
        trade_name=text["trade_name"],
        npi=text["practice_npi"] or text["npi"],
        npi_kind=2 if text["practice_npi"] else 1 if text["npi"] else None,
        tax_id=text["ein"],
        tax_id_kind="EIN" if text["ein"] else "",
        address_line1=text["address"],
        city=text["city"],
        state=text["state"].upper(),
        postal_code=text["postal_code"],
        phone=text["phone"],
        email=text["email"],
    )
    licences = []
    if given["licence"]:
        kind, number, state = given["licence"]
        licences.append(Licence(kind=kind, number=number, state=state.upper(), expires_on=given["licence_expires"]))
    owner = Person(
        first_name=text["first_name"],
        last_name=text["last_name"],
        credentials=text["credentials"],
        roles=[Role.OWNER.value, Role.CLINICIAN.value],
        npi=text["npi"],
        taxonomy=text["taxonomy"],
        phone=text["phone"],
        licences=licences,
    )
    return facts, owner
