"""`therapist-desktop new`: set up a practice."""

from __future__ import annotations

from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup
from therapist_desktop.cli.printing import DATE, day, save_document


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, prompt="Legal name of the practice, as in the NPI registry")
@click.option("--trade-name", default="", help="The name clients know, if it differs.")
@click.option("--first-name", required=True, prompt="Your first name")
@click.option("--last-name", required=True, prompt="Your last name")
@click.option("--credentials", default="", prompt="Your credentials, such as LCSW", show_default=False)
@click.option("--npi", default="", help="Your own NPI (type 1).")
@click.option("--practice-npi", default="", help="NPI of the practice, if it has one of its own (type 2).")
@click.option("--ein", default="", help="Tax ID of the practice, such as 01-2345678.")
@click.option("--taxonomy", default="", help="Provider taxonomy code, such as 1041C0700X.")
@click.option("--licence", nargs=3, metavar="KIND NUMBER STATE", help="Your licence, such as LCSW LC12345 ME.")
@click.option("--licence-expires", type=DATE)
@click.option("--address", default="", help="Street and number of the practice.")
@click.option("--city", default="")
@click.option("--state", default="", help="Two letters.")
@click.option("--zip", "postal_code", default="")
@click.option("--phone", default="")
@click.option("--email", default="")
@click.option("--recovery-sheet", type=click.Path(path_type=Path), help="Save the recovery key as a PDF to print.")
@click.pass_obj
def new(setup: Setup, /, folder: Path, **given: object) -> None:
    """Set up a new practice in FOLDER and show its recovery key once."""
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.models.people import Licence, Person, Role
    from therapist_desktop.models.practice_facts import PracticeFacts
    from therapist_desktop.services.practices import set_up_practice

    def text(name: str) -> str:
        return str(given[name] or "").strip()

    facts = PracticeFacts(
        created_at=system_clock(),
        legal_name=text("name"),
        trade_name=text("trade_name"),
        npi=text("practice_npi") or text("npi"),
        npi_kind=2 if text("practice_npi") else 1 if text("npi") else None,
        tax_id=text("ein"),
        tax_id_kind="EIN" if text("ein") else "",
        address_line1=text("address"),
        city=text("city"),
        state=text("state"),
        postal_code=text("postal_code"),
        phone=text("phone"),
        email=text("email"),
    )
    licence = given["licence"]
    owner = Person(
        first_name=text("first_name"),
        last_name=text("last_name"),
        credentials=text("credentials"),
        roles=[Role.OWNER.value, Role.CLINICIAN.value],
        npi=text("npi"),
        taxonomy=text("taxonomy"),
        phone=text("phone"),
        licences=[
            Licence(kind=licence[0], number=licence[1], state=licence[2], expires_on=day(given["licence_expires"]))
        ]
        if isinstance(licence, tuple)
        else [],
    )
    password = setup.another_secret("Choose a password", twice=True)
    signed_in, recovery_key = set_up_practice(folder, facts, owner, password, system_clock)
    made_at, where = system_clock(), signed_in.practice.folder
    signed_in.sign_out()
    click.echo(f"The practice is in {where}.")
    click.echo("Its recovery key, the only way in if the password is forgotten:\n")
    click.echo(f"    {recovery_key.text}\n")
    click.echo("It is shown this once and stored nowhere. Write it down or print it, and keep it away from here.")
    sheet = given["recovery_sheet"]
    if isinstance(sheet, Path):
        from therapist_desktop.reports.recovery_sheet import RecoverySheetContent, build

        save_document(
            build(
                RecoverySheetContent(
                    practice_name=facts.trade_name or facts.legal_name,
                    recovery_key=recovery_key.text,
                    made_on=made_at.date(),
                )
            ),
            sheet,
        )
