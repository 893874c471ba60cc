"""`therapist-desktop person`: the people of the practice and their ways in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk, choose_login
from therapist_desktop.cli.parameters import DATE, PERSON
from therapist_desktop.cli.printing import say, table
from therapist_desktop.cli.questions import Problem, ask, confirm
from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from therapist_desktop.services.practices import SignedIn


def password_check(*names: str) -> Problem:
    """Return what is wrong with a new password; the names of the practice and its people are too easy to guess."""
    from therapist_desktop.models.passwords import password_problem

    return lambda typed: password_problem(typed, names)


@click.group(cls=CommandGroup)
def person() -> None:
    """People: list, add, remove; passwords, recovery key."""


@person.command("list")
@click.pass_obj
def list_all(setup: Setup) -> None:
    """List the people of the practice."""
    from therapist_desktop.services.people import list_people

    with at_desk(setup) as desk:
        table(
            ("No.", "Name", "Roles", "Supervisor", "Can sign in"),
            [
                (
                    one.id,
                    one.name_and_credentials,
                    ", ".join(one.roles),
                    one.supervisor_id,
                    "yes" if one.active else "no",
                )
                for one in list_people(desk.practice)
            ],
            empty="",
        )


@person.command("add")
@click.option("--first", "first_name", help="Asked for if not given.")
@click.option("--last", "last_name", help="Asked for if not given.")
@click.option("--credentials", default="", help="Such as LMFT.")
@click.option("--npi", default="")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(["owner", "clinician", "supervisee", "biller"]),
    help="Can be repeated.",
)
@click.option("--supervisor", type=PERSON, help="Number of the supervisor.")
@click.pass_obj
def add(
    setup: Setup,
    first_name: str | None,
    last_name: str | None,
    credentials: str,
    npi: str,
    roles: tuple[str, ...],
    supervisor: int | None,
) -> None:
    """Add somebody with a login of their own.

    They type their own password; with --password-fd it is the second line.
    """
    from therapist_desktop.models.people import Person
    from therapist_desktop.services.people import add_person

    with at_desk(setup) as desk:
        someone = Person(
            first_name=first_name or ask("First name"),
            last_name=last_name or ask("Last name"),
            credentials=credentials,
            npi=npi,
            roles=list(roles),
            supervisor_id=supervisor,
        )
        password = setup.another_secret(
            f"Password of {someone.name}", twice=True, problem=password_check(desk.practice.name, someone.name)
        )
        added = add_person(desk.practice, desk.person, someone, password)
        say(f"{added.name_and_credentials} is number {added.id} and can sign in with --as {added.id}.")


@person.command("change")
@click.argument("person_id", metavar="PERSON", type=PERSON)
@click.option("--first", "first_name")
@click.option("--last", "last_name")
@click.option("--credentials")
@click.option("--npi")
@click.option("--taxonomy", help="Such as 1041C0700X.")
@click.option("--phone")
@click.option("--email")
@click.pass_obj
def change(setup: Setup, /, person_id: int, **given: Any) -> None:
    """Change name, credentials or NPI of a person."""
    from therapist_desktop.services.person_record import change_person

    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("Say what to change. “person change --help” shows what can be.")
    with at_desk(setup) as desk:
        changed = change_person(desk.practice, desk.person, person_id, **changes)
        say(f"{changed.name_and_credentials} is changed. What was signed or issued before stays as it was.")


@person.command("license")
@click.argument("person_id", metavar="PERSON", type=PERSON)
@click.argument("kind")
@click.argument("number")
@click.argument("state")
@click.option("--issued", type=DATE, help="Its first day.")
@click.option("--expires", type=DATE, help="Its last day.")
@click.pass_obj
def license_of(
    setup: Setup, person_id: int, kind: str, number: str, state: str, issued: date | None, expires: date | None
) -> None:
    """Add or renew a license, such as LCSW LC12345 ME."""
    from therapist_desktop.services.person_record import set_licence

    with at_desk(setup) as desk:
        set_licence(
            desk.practice,
            desk.person,
            person_id,
            kind=kind,
            number=number,
            state=state,
            issued_on=issued,
            expires_on=expires,
        )
        say("The license is in the record; documents from now on show it.")


@person.command("remove")
@click.argument("person_id", metavar="PERSON", type=PERSON)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def remove(setup: Setup, person_id: int, yes: bool) -> None:
    """Shut somebody out for good; what they wrote stays.

    A backup is made beside the practice, and the practice is encrypted anew.
    """
    from therapist_desktop.services.people import list_people, remove_person

    with at_desk(setup) as desk:
        who = next((one for one in list_people(desk.practice) if one.id == person_id), None)
        if who is None:
            raise UserError("There is no such person in this practice. “person list” shows them.")
        confirm(f"Shut {who.name_and_credentials} out for good?", yes=yes)
        made = remove_person(desk.practice, desk.person, person_id, desk.password())
        say(f"{who.name_and_credentials} can sign in no more.")
        say(f"A backup was made first: {made.path}")
        say("Backups from before that still open with the old password. Keep them where it cannot be used.")


@person.command("password")
@click.option("--encrypt-anew", is_flag=True, help="Somebody may know the old one: lock old copies of the keys out.")
@click.pass_obj
def password(setup: Setup, encrypt_anew: bool) -> None:
    """Change your own password.

    With --password-fd the new one is the second line. With --encrypt-anew a backup is made beside the practice first.
    """
    from therapist_desktop.services.people import change_password

    with at_desk(setup) as desk:
        old = setup.password("Your password")
        check = password_check(desk.practice.name, desk.person.name)
        new_password = setup.another_secret("New password", twice=True, problem=check)
        made = change_password(desk.practice, desk.person, old, new_password, rekey=encrypt_anew)
        say("Your password is changed. Backups made before still open with the old one.")
        if made is not None:
            say(f"The practice is encrypted anew. A backup was made first: {made.path}")


@person.command("recover")
@click.option("--passphrase", is_flag=True, help="With the passphrase of the copy it was restored from.")
@click.pass_obj
def recover(setup: Setup, passphrase: bool) -> None:
    """Set a new password with the recovery key.

    With --password-fd the key or passphrase is the first line, the new password the second.
    """
    from therapist_desktop.services.people import list_people, reset_password
    from therapist_desktop.services.practices import Login

    signed_in = _enter(setup, passphrase=passphrase)
    try:
        people = [one for one in list_people(signed_in.practice) if one.active]
        chosen = choose_login([Login(one.id, one.name_and_credentials) for one in people], setup.login)
        who = next(one for one in people if one.id == chosen.person_id)
        check = password_check(signed_in.practice.name, who.name)
        new_password = setup.another_secret(f"New password of {who.name}", twice=True, problem=check)
        reset_password(signed_in.practice, None, who, new_password)
    finally:
        signed_in.sign_out()
    say(f"{chosen.label} can sign in with the new password.")


def _enter(setup: Setup, *, passphrase: bool) -> SignedIn:
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.practices import enter_with_passphrase, enter_with_recovery_key
    from therapist_desktop.storage.recovery_key import RecoveryKey

    folder = setup.practice_folder
    if passphrase:
        return enter_with_passphrase(folder, setup.another_secret("Passphrase of the copy"), system_clock)
    key = RecoveryKey.parse(setup.another_secret("Recovery key"))
    return enter_with_recovery_key(folder, key, system_clock)


@person.command("new-recovery-key")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def new_key(setup: Setup, yes: bool) -> None:
    """Make a new recovery key in place of the printed one.

    The printed one then opens only backups made before. A backup is made beside the practice, and the practice is
    encrypted anew.
    """
    from therapist_desktop.services.keys import confirm_recovery_key, prepare_recovery_key

    with at_desk(setup) as desk:
        confirm("Make a new recovery key? The printed one then opens nothing but backups made before.", yes=yes)
        recovery_key = prepare_recovery_key()
        say(f"\n    {recovery_key.text}\n")
        say("It is shown this once and stored nowhere. Write it down.")
        made = confirm_recovery_key(desk.practice, desk.person, recovery_key, desk.password())
        say(f"It is in force now. A backup was made first: {made.path}")
        say("The old sheet opens only backups made before that. Keep it as long as you keep those.")


@person.command("remember-here")
@click.pass_obj
def remember(setup: Setup) -> None:
    """Let this computer’s keyring sign you in, with --keyring."""
    from therapist_desktop.services.keyring_access import remember_here

    with at_desk(setup) as desk:
        remember_here(desk.practice, desk.person)
        say("This computer now remembers the practice for you. Anybody at your unlocked desk can open it.")
